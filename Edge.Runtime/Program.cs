return await Edge.Runtime.Hosting.Verbs.EdgeCommandLine.RunAsync(args);
