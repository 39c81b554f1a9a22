BeforeAll { . "$PSScriptRoot/Common.ps1" }

Describe 'Export-OpiSession' {
    BeforeAll {
        $session = New-Conversation
        Close-OpiSession $session
    }

    It 'writes JSON that ConvertFrom-Json reads' {
        Export-OpiSession $session "$TestDrive/x.json"
        $json = Get-Content "$TestDrive/x.json" -Raw | ConvertFrom-Json
        $json.session.id | Should -Be $session.Id
        $json.messages.role | Should -Be 'user', 'assistant', 'user', 'assistant'
        $json.messages.content.text | Should -Be 'question 1', 'answer 1', 'question 2', 'answer 2'
    }

    It 'takes files from Get-ChildItem and writes one for each into a folder' {
        $out = New-Item -ItemType Directory "$TestDrive/out"
        Get-ChildItem (Split-Path $session.Path) -Filter *.jsonl | Export-OpiSession -Path $out -Format Html
        (Get-ChildItem $out).Name | Should -Be "$($session.Id).html"
    }

    It 'gives the same bytes twice and leaves the session alone' {
        $before = Get-FileHash $session.Path
        $first, $second = 1..2 | ForEach-Object { Export-OpiSession $session "$TestDrive/$_.md" -PassThru | Get-FileHash }
        $first.Hash | Should -Be $second.Hash
        (Get-FileHash $session.Path).Hash | Should -Be $before.Hash
    }

    It 'resolves a relative path at the current location' {
        Push-Location $TestDrive
        try { Export-OpiSession $session here.md } finally { Pop-Location }
        "$TestDrive/here.md" | Should -FileContentMatch 'question 1'
    }
}
