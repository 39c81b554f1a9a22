BeforeAll {
    Import-Module "$PSScriptRoot/../../Opi.psd1"
    $env:OPI_LEDGER_DIR = "$TestDrive/ledger"
    $folder = "$TestDrive/sessions"

    # Stands for a provider: a thousand tokens in and out, $0.018 at claude-sonnet-4-5.
    $send = {
        $global:sent++
        @{
            id = "m$global:sent"; type = 'message'; role = 'assistant'; model = 'claude-sonnet-4-5'; stop_reason = 'end_turn'
            content = @(@{ type = 'text'; text = 'Well.' }); usage = @{ input_tokens = 1000; output_tokens = 1000 }
        }
    }
}

AfterAll {
    Get-OpiSession -Open | Close-OpiSession
    Remove-Item Env:OPI_LEDGER_DIR
}

Describe 'Invoke-OpiTurn -Budget' {
    BeforeEach {
        $global:sent = 0
        Get-OpiSession -Open | Close-OpiSession
        Remove-Item $folder, $env:OPI_LEDGER_DIR -Recurse -Force -ErrorAction Ignore
        $s = New-OpiSession anthropic:claude-sonnet-4-5 -Path $folder
    }

    It 'sends nothing that may be over the budget, and goes on with more' {
        (Invoke-OpiTurn $s 'one' -Send $send -Budget 0.04 -Period Month -Body @{ max_tokens = 1000 }).Cost | Should -Be 0.018
        { Invoke-OpiTurn $s 'two' -Send $send -Budget 0.03 -Period Month -Body @{ max_tokens = 1000 } -ErrorAction Stop } |
            Should -Throw '*$0.018 were spent*' -ErrorId 'OverBudget,Opi.PowerShell.Commands.InvokeOpiTurnCommand'
        $global:sent | Should -Be 1
        (Invoke-OpiTurn $s -Send $send -Budget 0.04 -Period Month -Body @{ max_tokens = 1000 }).Text | Should -Be 'Well.'
        $global:sent | Should -Be 2
        { Assert-OpiBudget 0.036 Month -Folder $folder } | Should -Not -Throw
        { Assert-OpiBudget 0.0359 Month -Folder $folder } | Should -Throw
    }

    It 'counts what other sessions of the folder cost' {
        $other = New-OpiSession anthropic:claude-sonnet-4-5 -Path $folder
        $other | Add-OpiTurn -User 'x' -Assistant 'y' -InputTokens 100000 -OutputTokens 0 | Out-Null
        { Invoke-OpiTurn $s 'one' -Send $send -Budget 0.3 -Period Month -Body @{ max_tokens = 1000 } -ErrorAction Stop } |
            Should -Throw '*$0.30 were spent*'
        $global:sent | Should -Be 0
    }

    It 'refuses what cannot be priced, unless that is allowed' {
        $unpriced = New-OpiSession acme:giant -Path $folder
        { Invoke-OpiTurn $unpriced 'one' -As Anthropic -Send $send -Budget 5 -Period Month -ErrorAction Stop } |
            Should -Throw '*has no price*' -ErrorId 'BudgetUnknown,Opi.PowerShell.Commands.InvokeOpiTurnCommand'
        $global:sent | Should -Be 0
        (Invoke-OpiTurn $unpriced -As Anthropic -Send $send -Budget 5 -Period Month -AllowUnpriced).Text | Should -Be 'Well.'
    }

    It 'wants an amount and a period' {
        { Invoke-OpiTurn $s 'one' -Send $send -Budget 5 } | Should -Throw -ErrorId 'InvalidBudget,Opi.PowerShell.Commands.InvokeOpiTurnCommand'
        { Invoke-OpiTurn $s 'one' -Send $send -Period Day } | Should -Throw -ErrorId 'InvalidBudget,Opi.PowerShell.Commands.InvokeOpiTurnCommand'
    }

    It 'gives back what a failed request had reserved' {
        foreach ($i in 1..5) {
            { Invoke-OpiTurn $s 'one' -Send { throw 'no' } -Budget 0.1 -Period Month -RetryCount 0 -ErrorAction Stop } | Should -Throw
        }
        (Invoke-OpiTurn $s -Send $send -Budget 0.1 -Period Month).Text | Should -Be 'Well.'
        (Get-Content "$env:OPI_LEDGER_DIR/budget-*.json" | ConvertFrom-Json).holds | Should -BeNullOrEmpty
    }
}
