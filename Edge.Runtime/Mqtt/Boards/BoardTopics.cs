namespace Edge.Runtime.Mqtt.Boards;

/// <summary>The topics by which boards speak with each other. A sender's id stands in the topic, so that a broker's access list can vouch for it.</summary>
internal static class BoardTopics
{
    public const string AllAnnouncements = "edge/+/hands";
    public const string AllAvailabilities = "edge/+/availability";

    public static string Announcement(string board) => $"edge/{board}/hands";

    public static string Availability(string board) => $"edge/{board}/availability";

    public static string States(string board) => $"edge/{board}/devices/+/state";

    /// <param name="board">Who is to act.</param>
    /// <param name="brain">Who asks.</param>
    public static string Call(string board, string brain) => $"edge/{board}/call/{brain}";

    public static string Answer(string brain, string board) => $"edge/{brain}/answer/{board}";

    public static string Brain(string house, string brain) => $"edge/{house}/brains/{brain}";

    public static string Work(string house, string brain) => $"edge/{house}/work/{brain}";

    public static string Done(string house, string brain) => $"edge/{house}/done/{brain}";

    /// <summary>Brains of one house form one group: the broker gives each command to one of them.</summary>
    public static string SharedCommands(string house) => $"$share/edge-{house}/edge/{house}/command";

    /// <summary>The id in <c>edge/&lt;id&gt;/…</c>.</summary>
    public static string OwnerOf(string topic) => topic.Split('/')[1];

    /// <summary>The id in the last level.</summary>
    public static string SenderOf(string topic) => topic[(topic.LastIndexOf('/') + 1)..];
}
