# Starts the PowerShell that runs this again, with the arguments given, and gives what it writes. It throws when that process fails.
#
#   & ./tools/Invoke-NewPowerShell.ps1 -NoProfile -File script.ps1 -Name value
#
# [Environment]::ProcessPath alone will not do: it is `dotnet` where pwsh was installed as a .NET tool, and in Opi.Shell under `dotnet run`.

$program = [Environment]::ProcessPath
$before = @()
if ([IO.Path]::GetFileNameWithoutExtension($program) -eq 'dotnet') { $before = @([Environment]::GetCommandLineArgs()[0]) }

& $program @before @args
if ($LASTEXITCODE -ne 0) { throw "A new PowerShell ended with exit code $LASTEXITCODE. It was started as: $program $before $args" }
