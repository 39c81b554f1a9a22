BeforeAll {
    Import-Module "$PSScriptRoot/../../Opi.psd1"
}

Describe 'Get-OpiContext' {
    BeforeEach {
        $session = New-OpiSession -Path "$TestDrive/$(New-Guid)"
        $null = 1..4 | ForEach-Object { $session | Add-OpiTurn -User "question $_" -Assistant "answer $_" }
    }

    AfterEach {
        Get-OpiSession -Open | Close-OpiSession
    }

    It 'gives all messages of a session that was never compacted' {
        (Get-OpiContext $session).Text | Should -Be 'question 1', 'answer 1', 'question 2', 'answer 2', 'question 3', 'answer 3', 'question 4', 'answer 4'
    }

    It 'gives the summary, what it kept and what came later' {
        $null = $session | Invoke-OpiCompaction -Summarizer { 'in short' }
        $null = $session | Add-OpiTurn -User later

        (Get-OpiContext $session).Text | Should -Be 'in short', 'question 4', 'answer 4', 'later'
        (Get-OpiContext $session).Role | Should -Be compaction_summary, user, assistant, user
    }

    It 'gives the same after closing and resuming' {
        $null = $session | Invoke-OpiCompaction
        $before = (Get-OpiContext $session).Text
        $session | Close-OpiSession

        ($session | Resume-OpiSession | Get-OpiContext).Text | Should -Be $before
        (Get-OpiContext $session.Path).Text | Should -Be $before
    }

    Context 'as the messages of a request' {
        It 'becomes valid JSON for <_> in every way that a script puts a request together' -ForEach 'Anthropic', 'OpenAIChat', 'OpenAIResponses', 'Gemini', 'Bedrock', 'Ollama' {
            $request = $session | Get-OpiContext -As $_ -Prompt 'next' -System 'Be brief.'
            $list = @{ OpenAIResponses = 'input'; Gemini = 'contents' }[$_] ?? 'messages'
            $expected = ($request | ConvertTo-Json -Depth 20 | ConvertFrom-Json).$list | ConvertTo-Json -Depth 20 -Compress

            (@{ model = 'm'; $list = $request.$list } | ConvertTo-Json -Depth 20 | ConvertFrom-Json).$list | ConvertTo-Json -Depth 20 -Compress | Should -Be $expected
            (@{ model = 'm' } + $request | ConvertTo-Json -Depth 20 | ConvertFrom-Json).$list | ConvertTo-Json -Depth 20 -Compress | Should -Be $expected
            $expected | Should -BeLike '*question 1*answer 4*next*'
            @($request | ConvertTo-OpiMessage -WarningAction Ignore).Text | Select-Object -Last 2 | Should -Be 'answer 4', 'next'
        }

        It 'keeps a list of one a list' -ForEach @(
            @{ As = 'Anthropic'; Json = '{"messages":[{"role":"user","content":[{"type":"text","text":"hi"}]}]}' }
            @{ As = 'OpenAIChat'; Json = '{"messages":[{"role":"user","content":"hi"}]}' }
            @{ As = 'Gemini'; Json = '{"contents":[{"role":"user","parts":[{"text":"hi"}]}]}' }
        ) {
            $empty = New-OpiSession -Path "$TestDrive/$(New-Guid)"
            $request = Get-OpiContext $empty -As $As -Prompt hi

            $request | ConvertTo-Json -Depth 20 -Compress | Should -Be $Json
            ConvertTo-Json $request -Depth 20 -Compress | Should -Be $Json
        }

        It 'keeps the arguments of a tool as they are' {
            $arguments = '{"i":7,"d":1.5,"big":123456789012345678901,"list":[1],"none":[],"n":null,"t":true,"when":"2026-11-24T13:45:00Z"}'
            $null = $session | Add-OpiTurn -Message (New-OpiMessage User q), (New-OpiMessage Assistant -ToolCall @{ Id = 'c1'; Name = 'f'; Arguments = $arguments }), (New-OpiMessage ToolResult r -ToolCallId c1 -ToolName f)

            $session | Get-OpiContext -As Anthropic | ConvertTo-Json -Depth 20 -Compress | Should -BeLike "*`"input`":$([WildcardPattern]::Escape($arguments))*"
        }

        It 'completes an interrupted call, and says so' {
            $null = $session | Add-OpiTurn -Message (New-OpiMessage User q), (New-OpiMessage Assistant -ToolCall @{ Id = 'c1'; Name = 'read' })

            $request = $session | Get-OpiContext -As Anthropic -WarningVariable warning -WarningAction SilentlyContinue
            $request.messages[-1].content[0].is_error | Should -BeTrue
            "$warning" | Should -BeLike '*read (c1)*'
            ($session | Get-OpiContext -As Anthropic -Strict -WarningAction Ignore).messages[-1].content[-1].text | Should -Be q
        }
    }
}
