BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $stub = Start-ProviderStub
    $scenarios = 0

    # A sender of examples/senders for the stand-in, which plays a scenario.
    function Get-Sender ([string] $Name, [string] $Scenario = 'ok', [switch] $Stream) {
        $address = "$($stub.Uri)/s/$(($script:scenarios++)):$Scenario"
        $key = $Name -eq 'ollama' ? @{} : @{ Key = 'test' }
        & "$PSScriptRoot/../../examples/senders/$Name.ps1" -Address $address -Stream:$Stream @key
    }

    function New-Reply ([string] $Text) {
        @{ type = 'message'; role = 'assistant'; model = 'claude-sonnet-4-5'; content = @(@{ type = 'text'; text = $Text }); stop_reason = 'end_turn'
            usage = @{ input_tokens = 10; output_tokens = 5 } }
    }
}

AfterAll {
    Get-OpiSession -Open | Close-OpiSession
    Stop-ProviderStub $stub
}

Describe 'Invoke-OpiTurn' {
    BeforeEach {
        $session = New-OpiSession anthropic:claude-sonnet-4-5 -Path "$TestDrive/$([guid]::NewGuid())"
    }

    It 'runs a turn with a tool for <Name>, stream: <Stream>' -ForEach @(
        foreach ($one in @(
            @{ Name = 'anthropic'; Model = 'anthropic:claude-sonnet-4-5'; As = 'Anthropic' }
            @{ Name = 'openai-chat'; Model = 'openai:gpt-4o'; As = 'OpenAIChat' }
            @{ Name = 'openai-responses'; Model = 'openai:gpt-4o'; As = 'OpenAIResponses' }
            @{ Name = 'gemini'; Model = 'gemini:gemini-2.5-pro'; As = 'Gemini' }
            @{ Name = 'bedrock'; Model = 'bedrock:anthropic.claude-sonnet-4-5-20250929-v1:0'; As = 'Bedrock' }
            @{ Name = 'ollama'; Model = 'ollama:qwen3:8b'; As = 'Ollama' })) {
            foreach ($stream in $false, $true) { $one + @{ Stream = $stream } }
        }
    ) {
        $session = New-OpiSession $Model -Path "$TestDrive/$([guid]::NewGuid())"
        $text = [Text.StringBuilder]::new()

        $turn = Invoke-OpiTurn $session 'What is in a.txt?' -As $As -Send (Get-Sender $Name '529,ok' -Stream:$Stream) -RetryMaxDelaySec 1 -OnText {
            $null = $text.Append($_)
        } -Tool @{ read = { param([Parameter(Mandatory)] [string] $Path) "content of $Path" } }

        $turn.Text | Should -Be 'It says hello.'
        $turn.Rounds, $turn.ToolCalls, $turn.Retries | Should -Be 2, 1, 1
        "$text" | Should -Be 'It says hello.'
        (Get-OpiContext $session).Role | Should -Be user, assistant, tool_result, assistant
    }

    It 'goes on in another process where this one was killed, and pays nothing twice' {
        $folder = Split-Path $session.Path
        $session | Close-OpiSession
        $sent = "$TestDrive/sent-$([guid]::NewGuid())"
        $null = New-Item $sent
        $script = {
            param($module, $path, $sent, $prompt)
            Import-Module $module
            $model = $prompt ? @{ Model = 'anthropic:claude-sonnet-4-5' } : @{} # an empty file does not name it
            $session = Resume-OpiSession $path @model -WarningAction Ignore
            $prompts = $prompt ? @{ Prompt = $prompt } : @{}
            Invoke-OpiTurn $session @prompts -OnInterrupted Run -Tool @{ look = { Add-Content $sent tool; if ((Get-Content $sent).Count -lt 3) { [Diagnostics.Process]::GetCurrentProcess().Kill() }; 'seen' } } -Send {
                Add-Content $sent send
                $done = "$($_.Json)" -match 'tool_result'
                @{ type = 'message'; role = 'assistant'; model = 'claude-sonnet-4-5'; stop_reason = $done ? 'end_turn' : 'tool_use'; usage = @{ input_tokens = 10; output_tokens = 5 }
                    content = @($done ? @{ type = 'text'; text = 'done' } : @{ type = 'tool_use'; id = 't1'; name = 'look'; input = @{} }) }
            }
        }
        $program = [Environment]::ProcessPath # what runs these tests
        $before = @(if ([IO.Path]::GetFileNameWithoutExtension($program) -eq 'dotnet') { [Environment]::GetCommandLineArgs()[0] })
        $module = "$PSScriptRoot/../../Opi.psd1"
        $run = { param($prompt) & $program @before -NoProfile -Command "& {$script} '$module' '$($session.Path)' '$sent' '$prompt' | ForEach-Object Text" 2>$null }

        $null = & $run 'look at it'
        $second = & $run ''

        $second | Should -Be done
        Get-Content $sent | Should -Be send, tool, tool, send
        (Get-OpiEntry $session.Path -Type Message).Role | Should -Be user, assistant, tool_result, assistant
        (Get-OpiCost -Folder $folder).Responses | Should -Be 2
    }

    It 'shows text while the stream runs' {
        $moments = [Collections.Generic.List[object]]::new()
        $lines = @(
            'data: {"type":"message_start","message":{"id":"m","type":"message","role":"assistant","model":"claude-sonnet-4-5","content":[],"usage":{"input_tokens":9,"output_tokens":1}}}'
            'data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}'
            'data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"One "}}'
            'data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"two"}}'
            'data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":3}}'
            'data: {"type":"message_stop"}')

        $turn = Invoke-OpiTurn $session hi -Send { foreach ($line in $lines) { $line; $moments.Add('sent') } } -OnText { $moments.Add($_) }

        $turn.Text | Should -Be 'One two'
        $moments | Should -Be sent, sent, 'One ', sent, two, sent, sent, sent
    }

    It 'sees the variables and functions of the caller, and leaves the location and the preferences' {
        function Get-Local { New-Reply $prefix }
        $prefix = 'local'
        $ErrorActionPreference = 'Continue'

        (Invoke-OpiTurn $session hi -Send { Get-Local }).Text | Should -Be local

        $ErrorActionPreference | Should -Be Continue
    }

    It 'takes a sender from a module' {
        $module = New-Module -Name Sender { function Get-It ($t) { @{ type = 'message'; role = 'assistant'; model = 'claude-sonnet-4-5'; content = @(@{ type = 'text'; text = $t }); stop_reason = 'end_turn'; usage = @{ input_tokens = 1; output_tokens = 1 } } }; $send = { param($request) Get-It "from $($request.Shape)" }; Export-ModuleMember -Variable send }
        $send = & $module { $send }

        (Invoke-OpiTurn $session hi -Send $send).Text | Should -Be 'from Anthropic'
        (Invoke-OpiTurn $session hi -Send $send -TimeoutSec 60).Text | Should -Be 'from Anthropic'
    }

    It 'is stopped at once while it waits to try again, and while it sends' -ForEach @(
        @{ Send = { throw [Net.Http.HttpRequestException]::new('busy', $null, 'TooManyRequests') }; Extra = '' }
        @{ Send = { Start-Sleep 300 }; Extra = '' }
        @{ Send = { Start-Sleep 300 }; Extra = '-TimeoutSec 600' }
    ) {
        $path = $session.Path
        $session | Close-OpiSession
        $shared = [hashtable]::Synchronized(@{})
        $running = [powershell]::Create().AddScript({
            param($module, $path, $send, $extra, $shared)
            Import-Module $module
            $send = [scriptblock]::Create($send)
            $events = { $shared.Reached = $_.Kind -in 'Request', 'Retry' }
            Invoke-Expression "Invoke-OpiTurn '$path' hi -As Anthropic -Send `$send -OnEvent `$events -RetryMaxDelaySec 600 $extra"
        }).AddArgument("$PSScriptRoot/../../Opi.psd1").AddArgument($path).AddArgument("$Send").AddArgument($Extra).AddArgument($shared)
        $null = $running.BeginInvoke()
        for ($i = 0; -not $shared.Reached -and $i -lt 600; $i++) { Start-Sleep -Milliseconds 50 }

        $stop = $running.BeginStop($null, $null)
        $stop.AsyncWaitHandle.WaitOne(30000) | Should -BeTrue
        $running.InvocationStateInfo.State | Should -Be Stopped
        $running.Dispose()

        (Invoke-OpiTurn $path -As Anthropic -Send { New-Reply after }).Text | Should -Be after
        (Get-OpiEntry $path -Type Message).Text | Should -Be hi, after
    }

    It 'writes one object a session, and goes on with the next where one fails' {
        $other = New-OpiSession anthropic:claude-sonnet-4-5 -Path (Split-Path $session.Path)

        $turns = $session, $other | Invoke-OpiTurn -Prompt hi -Send { if ($script:failed++) { New-Reply ok } else { throw 'first' } } -ErrorAction SilentlyContinue -ErrorVariable failures

        $turns.Text | Should -Be ok
        $failures.FullyQualifiedErrorId | Should -Be 'SenderFailed,Opi.PowerShell.Commands.InvokeOpiTurnCommand'
    }
}
