namespace Edge.Functions.Settings;

/// <summary>A piece of YAML with the line it stands on.</summary>
internal abstract record SettingsNode(int Line)
{
    /// <param name="Plain">Written without quotes: only then may it mean a number, a truth value or nothing.</param>
    internal sealed record Scalar(int Line, string Text, bool Plain) : SettingsNode(Line)
    {
        /// <summary><c>key:</c> with nothing behind it, <c>~</c> and <c>null</c>: as if the key were not there.</summary>
        public bool IsNothing => Plain && Text is ("" or "~" or "null");
    }

    internal sealed record Sequence(int Line, IReadOnlyList<SettingsNode> Items) : SettingsNode(Line);

    internal sealed record Mapping(int Line, IReadOnlyList<Entry> Entries) : SettingsNode(Line)
    {
        public Entry? Find(string key)
        {
            foreach (var entry in Entries)
            {
                if (entry.Key == key)
                {
                    return entry;
                }
            }

            return null;
        }
    }

    /// <param name="Line">Where the key stands.</param>
    internal sealed record Entry(string Key, int Line, SettingsNode Value);
}
