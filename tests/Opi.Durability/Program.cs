namespace Opi.CrashTests;

/// <summary>Tests of the durability contract that need a process to die: what was acknowledged is there.</summary>
internal static class Program
{
    private const int BadArguments = 2;

    private static int Main(string[] args)
    {
        try
        {
            switch (args.FirstOrDefault())
            {
                case "write":
                    return WriteCommand.Run(args.Skip(1));
                case "verify":
                    return VerifyCommand.Run(args.Skip(1));
                case "kill":
                    return KillCommand.Run(args.Skip(1));
                case "suite":
                    return SuiteCommand.Run(args.Skip(1));
                case "faulty":
                    return FaultyCommand.Run(args.Skip(1));
                case BesideCommand.Name:
                    return BesideCommand.Run(args.Skip(1));
                case UnflushedCommand.Name:
                    return UnflushedCommand.Run(args.Skip(1));
                case "fighter":
                    return FighterCommand.Run(args.Skip(1));
                case "ledgerwriter":
                    return LedgerWriterCommand.Run(args.Skip(1));
                case BudgetWriterCommand.Name:
                    return BudgetWriterCommand.Run(args.Skip(1));
                case GroupCommand.Name:
                    return GroupCommand.Run(args.Skip(1));
                case TurnerCommand.Name:
                    return TurnerCommand.Run(args.Skip(1));
                case "creator":
                    return CreatorCommand.Run(args.Skip(1));
                case "fuzz":
                    return FuzzCommand.Run(args.Skip(1));
                case FrameworkFlushCommand.Name:
                    return FrameworkFlushCommand.Run(args.Skip(1));
                case "parts":
                    Console.WriteLine(string.Join('\n', SuiteCommand.Names));
                    return 0;
                case "part" when args.Length > 1 && SuiteCommand.Find(args[1]) is { } part:
                    return PartCommand.Run(part, args.Skip(2));
                case { } name when SuiteCommand.Find(name) is { } part:
                    return PartCommand.Run(part, args.Skip(1));
                default:
                    Console.WriteLine($"{WriteCommand.Usage}\n{VerifyCommand.Usage}\n{KillCommand.Usage}\n{SuiteCommand.Usage}\n{PartCommand.Usage}\n{FuzzCommand.Usage}");
                    return args.Length == 0 ? 0 : BadArguments;
            }
        }
        catch (ArgumentException error)
        {
            Console.Error.WriteLine(error.Message);
            return BadArguments;
        }
        catch (Exception error) when (error is CheckFailedException or OpiException)
        {
            Console.Error.WriteLine(error.Message);
            return 1;
        }
    }
}
