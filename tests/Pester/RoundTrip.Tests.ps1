BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $examples = "$PSScriptRoot/../../examples/roundtrip"
    $env:ANTHROPIC_API_KEY = $env:OPENAI_API_KEY = $env:GEMINI_API_KEY = $env:AWS_BEARER_TOKEN_BEDROCK = 'test'
    $stub = Start-ProviderStub
    $uri = $stub.Uri
}

AfterAll {
    Stop-ProviderStub $stub
}

Describe 'Scripts of examples/roundtrip' {
    It '<_> asks, runs the tool and asks again, and the provider takes every request' -ForEach 'anthropic', 'openai-chat', 'openai-responses', 'gemini', 'gemini-interactions', 'bedrock', 'ollama' {
        $before = (Invoke-RestMethod "$uri/requests").Count
        $output = & "$examples/$_.ps1" -BaseUri $uri -Path "$TestDrive/$_" 3>$null

        $output[0..4] | Should -Be '> What do I have to buy?', '    read_note {"name":"shopping"}', 'It says hello.', '> How many eggs was that?', 'It says hello.'
        $requests = (Invoke-RestMethod "$uri/requests") | Select-Object -Skip $before
        $requests.status | Should -Be 200, 200, 200
        $requests[1].body | ConvertTo-Json -Depth 20 | Should -BeLike '*2 l milk, 12 eggs, flour*'
        (Get-OpiContext (Get-Item "$TestDrive/$_/*.jsonl").FullName).Role | Should -Be user, assistant, tool_result, assistant, user, assistant
    }

    It 'shows what a provider says to a request that it refuses' {
        { Invoke-RestMethod -Method Post "$uri/v1/messages" -Headers @{ 'x-api-key' = 'k'; 'anthropic-version' = '2023-06-01' } -ContentType application/json -Body '{"messages":[]}' } |
            Should -Throw -ExpectedMessage '*'
        $Error[0].ErrorDetails.Message | ConvertTo-OpiMessage -ErrorVariable failed -ErrorAction SilentlyContinue
        "$failed" | Should -BeLike 'The reply of anthropic is an error: invalid_request_error: *max_tokens*'
    }
}
