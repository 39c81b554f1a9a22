# What several suites need. They take it in with: BeforeAll { . "$PSScriptRoot/Common.ps1" }

Import-Module "$PSScriptRoot/../../Opi.psd1"

function New-Conversation ([int] $Turns = 2) {
    $session = New-OpiSession anthropic:claude-sonnet-4-5 -Path "$TestDrive/$([guid]::NewGuid())"
    foreach ($i in 1..$Turns) { $null = $session | Add-OpiTurn -User "question $i" -Assistant "answer $i" -InputTokens 100 -OutputTokens 10 }
    $session
}

# The stand-in for the providers. It prints its address, here the property Uri, and ends with its input: Stop-ProviderStub.
function Start-ProviderStub {
    $program = Get-ChildItem "$PSScriptRoot/../../artifacts/bin/Opi.ProviderStub/*/Opi.ProviderStub.dll" | Sort-Object LastWriteTime | Select-Object -Last 1
    $start = [Diagnostics.ProcessStartInfo]::new('dotnet', @($program.FullName))
    $start.RedirectStandardInput = $start.RedirectStandardOutput = $true
    $stub = [Diagnostics.Process]::Start($start)
    $uri = $stub.StandardOutput.ReadLine()
    if (-not $uri) { throw "The stand-in for the providers did not start: '$program'. Is it built?" }
    $stub | Add-Member Uri $uri -PassThru
}

function Stop-ProviderStub ($Stub) {
    $Stub.StandardInput.Close()
    $Stub.WaitForExit()
    if ($Stub.ExitCode -ne 0) { throw "The stand-in for the providers ended with exit code $($Stub.ExitCode)." }
}

# The hash of a file that a session has open: Get-FileHash shares no writing, which Windows refuses then.
function Get-SharedFileHash ([string] $Path) {
    $file = [IO.FileStream]::new($Path, 'Open', 'Read', 'ReadWrite, Delete')
    try { Get-FileHash -InputStream $file } finally { $file.Dispose() }
}
