# Runs every example of the help, page by page, as a user would: in one PowerShell, in a copy of examples/files, with an open $session. It writes
# a line of JSON for each example. A provider is tests/Opi.ProviderStub; another computer is this one.
param(
    [Parameter(Mandatory)] [string] $Module,
    [Parameter(Mandatory)] [string] $UserHome,
    [Parameter(Mandatory)] [string] $ProviderUri,
    [Parameter(Mandatory)] [string] $Results,

    # To try some pages only.
    [string[]] $Name = '*'
)

# What is not in an example: commands of the network go to the stand-in, and what comes before the example.
function Invoke-RestMethod {
    param([Parameter(Position = 0)] $Uri, $Method, $Headers, $ContentType, $Body)
    $PSBoundParameters.Uri = $Uri -replace '^https?://[^/]+', $ProviderUri
    & Microsoft.PowerShell.Utility\Invoke-RestMethod @PSBoundParameters
}
function Invoke-WebRequest ($Uri, $OutFile) { Copy-Item "$PSScriptRoot/../data/prices/genai-prices_2026-09-23_sample.json" $OutFile }
function Invoke-Command {
    param([Parameter(Position = 0)] $First, [Parameter(Position = 1)] $Second, $ComputerName, $HostName)
    & ($First, $Second).Where({ $_ -is [scriptblock] })[0]
}
function Invoke-Model { [pscustomobject]@{ Text = 'Parse is right.'; In = 900; Out = 20 } }

function Add-Story ($Session) {
    $null = Add-OpiTurn $Session 'List the failing tests' 'Three fail: Parse, Lex and Print.' -InputTokens 1200 -OutputTokens 300
    $null = Add-OpiTurn $Session 'Show the output of Parse' 'error: unexpected token' -InputTokens 1600 -OutputTokens 80
    $null = $Session | Add-OpiTurn -Message @(
        New-OpiMessage User 'Run Lex'
        New-OpiMessage Assistant -ToolCall @{ Id = 'c1'; Name = 'bash'; Arguments = @{ command = 'make test-lex' } } -Model $Session.Model -InputTokens 1700 -OutputTokens 20
        New-OpiMessage ToolResult 'make: *** [test-lex] Error 2' -ToolCallId c1 -ToolName bash -IsError
        New-OpiMessage Assistant 'Lex fails.' -Model $Session.Model -InputTokens 1800 -OutputTokens 10)
    $null = Add-OpiTurn $Session 'And Print?' 'The expected file has tabs.' -InputTokens 1900 -OutputTokens 30
}
function Add-Branch ($Session) {
    $Session | Switch-OpiBranch -EntryId msg-2
    $null = Add-OpiTurn $Session 'Which of them is the cause?' 'Lex: the others use it.' -InputTokens 1300 -OutputTokens 20
}
function Add-Old ($Name, $Label) {
    $old = New-OpiSession anthropic:claude-sonnet-4-5 -Name $Name -Label $Label
    $null = Add-OpiTurn $old q a -InputTokens 10 -OutputTokens 1
    $old | Close-OpiSession
    (Get-Item $old.Path).LastWriteTime = (Get-Date).AddDays(-100)
}
function Start-Writer {
    # A process that compacts its session over and over; here another runspace, which has sessions of its own.
    $shared = [hashtable]::Synchronized(@{})
    $writer = [powershell]::Create().AddScript({
        param($shared, $manifest)
        Import-Module $manifest
        $own = New-OpiSession anthropic:claude-sonnet-4-5
        $shared.Id = $own.Id
        foreach ($i in 1..300) {
            $null = Add-OpiTurn $own "question $i" 'answer' -InputTokens 10 -OutputTokens 1
            $null = $own | Invoke-OpiCompaction
            if ($shared.Stop) { break }
            Start-Sleep -Milliseconds 100
        }
        $own | Close-OpiSession
    }).AddArgument($shared).AddArgument((Join-Path $Module Opi.psd1))
    $null = $writer.BeginInvoke()
    while (-not $shared.Id) {
        if ($writer.InvocationStateInfo.State -ne 'Running') { throw "The writer ended: $($writer.InvocationStateInfo.Reason) $($writer.Streams.Error)" }
        Start-Sleep -Milliseconds 20
    }
    $shared
}

# Before a page (its name) or one of its examples (page#number): what the example's text takes for granted.
$before = @{
    'Assert-OpiBudget#1'     = { $null = Add-OpiTurn $session 'Read everything' 'Done.' -InputTokens 6000000 -OutputTokens 100 }
    'Assert-OpiBudget#2'     = { . New-Folder; $s = $session }
    'Assert-OpiBudget#3'     = { $null = $session | Add-OpiTurn -User q -Assistant a -InputTokens 10 -OutputTokens 1; $null = Add-OpiTurn (New-OpiSession acme:giant-1) q a -InputTokens 9 -OutputTokens 9 }
    'ConvertTo-OpiMessage#6' = { $prompt = 'Go on.' }
    'Copy-OpiSession#3'      = { Add-Branch $session }
    'Get-OpiBranch'          = { Add-Branch $session }
    'Get-OpiEntry#3'         = { $writer = Start-Writer; $id = $writer.Id }
    'Get-OpiEntry#4'         = { $writer.Stop = $true }
    'New-OpiMessage#4'       = {
        $request = @{ Method = 'Post'; Uri = 'https://api.openai.com/v1/chat/completions'; Headers = @{ Authorization = 'Bearer test' }
            ContentType = 'application/json'; Body = @{ model = 'gpt-4o'; messages = @(@{ role = 'user'; content = 'Read a.txt' })
            tools = @(@{ type = 'function'; function = @{ name = 'read'; parameters = @{ type = 'object' } } }) } | ConvertTo-Json -Depth 9 }
    }
    'Get-OpiUsage#3'         = {
        # An agent that ends soon, and spends nothing.
        function Start-Process {
            $program = [Environment]::ProcessPath
            $dll = @(if ([IO.Path]::GetFileNameWithoutExtension($program) -eq 'dotnet') { [Environment]::GetCommandLineArgs()[0] })
            Microsoft.PowerShell.Management\Start-Process $program ($dll + '-NoProfile', '-Command', 'Start-Sleep 3') -PassThru
        }
    }
    'Get-OpiUsage#4'         = { Remove-Item function:Start-Process }
    'Update-OpiLedger#4'     = {
        function New-PSSession ($HostName) { $HostName | ForEach-Object { [pscustomobject]@{ ComputerName = $_ } } }
        function Copy-Item {
            param([Parameter(Position = 0)] $Path, [Parameter(Position = 1)] $Destination, $FromSession, [switch] $Recurse, [switch] $Force)
            Microsoft.PowerShell.Management\Copy-Item $Path $Destination -Recurse:$Recurse -Force:$Force
        }
    }
    'Update-OpiLedger#5'     = { Remove-Item function:New-PSSession, function:Copy-Item }
    'Remove-OpiSession#4'    = { $nightly = New-OpiSession -Name Nightly-1; $null = Add-OpiTurn $nightly q a; $writer = Start-Writer; Set-OpiSession $nightly -Name Nightly-2 }
    'Repair-OpiSession#2'    = { Copy-Item agent.jsonl (Join-Path $env:OPI_SESSIONS_DIR agent.jsonl); $id = Join-Path $env:OPI_SESSIONS_DIR agent.jsonl }
    'Resume-OpiSession#3'    = { . New-Folder; $session | Close-OpiSession }
    'about_Opi#2'            = { $session | Close-OpiSession; $id = $session.Id }
}

function New-Folder {
    Get-OpiSession -Open -ErrorAction Ignore | Close-OpiSession
    $env:OPI_SESSIONS_DIR = Join-Path $UserHome "sessions-$([guid]::NewGuid())"
    $session = New-OpiSession anthropic:claude-sonnet-4-5
    Add-Story $session
    $id = $session.Id
}

function Invoke-Page ($Page) {
    $folder = Join-Path $UserHome "examples-$($Page.BaseName)"
    Copy-Item (Join-Path $Module examples/files) $folder -Recurse
    Set-Location $folder
    . New-Folder
    Add-Old Old scratch
    Add-Old 'The lexer' bug, urgent
    $work = 'Name the capital of Norway.'
    $machines = 'build1', 'build2'
    $api = @{ Method = 'Post'; Uri = 'https://api.anthropic.com/v1/messages'; ContentType = 'application/json'
        Headers = @{ 'x-api-key' = 'test'; 'anthropic-version' = '2023-06-01' } }
    if ($before[$Page.BaseName]) { . $before[$Page.BaseName] }

    $fences = [regex]::Matches((Get-Content $Page -Raw), '(?ms)^```powershell\n(?<code>.*?)^```$(\n+```output\n(?<output>.*?)^```$)?')
    for ($number = 1; $number -le $fences.Count; $number++) {
        $setup = $before["$($Page.BaseName)#$number"]
        if ($setup) { . $setup }
        $code = $fences[$number - 1].Groups['code'].Value

        # An example whose output is an error has that error, and no other has one.
        $expected = [regex]::Match($fences[$number - 1].Groups['output'].Value, '(?m)^(?<cmdlet>\w+-Opi\w+): ').Groups['cmdlet'].Value
        $failures = @(
            try { . ([scriptblock]::Create($code)) *>&1 | Where-Object { $_ -is [Management.Automation.ErrorRecord] } }
            catch { $_ })
        $ofCmdlet = ",Opi.PowerShell.Commands.$($expected -replace '-')Command" # how the ids of its errors end
        $message = if ($expected) {
            if ($failures.Count -ne 1 -or -not "$($failures[0].FullyQualifiedErrorId)".EndsWith($ofCmdlet)) { "An error of $expected was expected. Errors: $failures" }
        }
        elseif ($failures) { ($failures | ForEach-Object { "$_`n$($_.InvocationInfo.PositionMessage)" }) -join "`n" }
        [ordered]@{ suite = $Page.BaseName; name = "Example $number"; result = $message ? 'Failed' : 'Passed'; message = "$message" }
    }
    if ($writer) { $writer.Stop = $true }
    Get-OpiSession -Open -ErrorAction Ignore | Close-OpiSession
    Set-Location $UserHome
}

$ErrorActionPreference = 'Continue' # as in a prompt
$env:ANTHROPIC_API_KEY = $env:OPENAI_API_KEY = 'test'
$env:CLAUDE_CONFIG_DIR = Join-Path $UserHome claude
$project = New-Item (Join-Path $env:CLAUDE_CONFIG_DIR projects/-home-dev-src-web) -ItemType Directory
Copy-Item "$PSScriptRoot/../data/agent-logs/claude/entire-tiny-1h.jsonl" $project

# As they come, so that one that hangs is the first without a result.
foreach ($page in Get-ChildItem (Join-Path $Module docs/en-US/*) -Include ($Name -replace '$', '.md')) {
    Invoke-Page $page | ForEach-Object { $_ | ConvertTo-Json -Compress | Add-Content $Results -Encoding utf8NoBOM }
}
