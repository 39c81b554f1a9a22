# What several suites need. They take it in with: BeforeAll { . "$PSScriptRoot/Common.ps1" }

Import-Module "$PSScriptRoot/../../Opi.psd1"

function New-Conversation ([int] $Turns = 2) {
    $session = New-OpiSession anthropic:claude-sonnet-4-5 -Path "$TestDrive/$([guid]::NewGuid())"
    foreach ($i in 1..$Turns) { $null = $session | Add-OpiTurn -User "question $i" -Assistant "answer $i" -InputTokens 100 -OutputTokens 10 }
    $session
}
