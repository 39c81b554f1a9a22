namespace Opi.Benchmarks;

/// <summary>Listing a folder of sessions.</summary>
internal static class ListBenchmark
{
    private const int Sessions = 1000;
    private const int Rounds = 5;

    public static void Run()
    {
        var store = new SessionStore(SessionFile.Folder(Sessions));
        new Comparison(
            Contender.Of("list the sessions", () =>
            {
                if (store.Files().Count(file => OpiSessionInfo.Read(file.FullName).Model is not null) != Sessions)
                {
                    throw new InvalidDataException("the generated folder is wrong");
                }
            }),
            Contender.Of("deserialise each line (source generated)", () =>
            {
                foreach (FileInfo file in store.Files())
                {
                    OpenBenchmark.Deserialise(file.FullName);
                }
            })).Run(Rounds, "a session", Sessions);
    }
}
