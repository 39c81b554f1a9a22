using Opi.ProviderStub;

// Prints its address and serves until its input ends, or until it is killed.
using StubServer server = StubServer.Start();
Console.WriteLine(server.BaseUri.GetLeftPart(UriPartial.Authority));
if (args.Contains("--wait"))
{
    Thread.Sleep(Timeout.Infinite);
}

while (Console.In.ReadLine() is not null)
{
}
