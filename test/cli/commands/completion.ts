import '../../../src/cli/commands/completion/completion-command.ts'
import '../../../src/cli/commands/completion/register-completion-command.ts'
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import t from 'tap'
import { runInProcess } from '../../support/run-in-process.ts'

t.test('bash completes commands, and the flags of each', async t => {
  const { exitCode, stdout } = await runInProcess(['completion', 'bash'])
  t.equal(exitCode, 0)
  const answers = (...words: readonly string[]): readonly string[] =>
    execFileSync(
      'bash',
      [
        '-c',
        `${stdout}\nCOMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _sower; printf '%s\\n' "\${COMPREPLY[@]}"`,
        'bash',
        ...words,
      ],
      { encoding: 'utf8' },
    )
      .trim()
      .split('\n')
  t.strictSame(answers('sower', 'det'), ['detach'])
  t.ok(answers('sower', '').includes('bot'))
  t.strictSame(answers('sower', 'bot', '--met'), ['--metrics'])
  t.strictSame(answers('sower', 'init', '--se'), ['--seed'])
  t.strictSame(answers('sower', 'access', 'sa'), ['save'])
  t.strictSame(answers('sower', 'scan', '-o', ''), ['text', 'wide', 'json', 'yaml'])
  t.strictSame(answers('sower', 'access', 'save', '--output', 'j'), ['json'])
  t.strictSame(answers('sower', 'seal', '-o', ''), [''], 'files, by default')
  t.strictSame(answers('sower', 'nonsense', '--x'), [''])
})

t.test('zsh gets the same words, and another shell is refused', async t => {
  const { stdout } = await runInProcess(['completion', 'zsh'])
  t.match(stdout, /^#compdef sower\n/)
  t.match(stdout, / {4}bot\) flags=\(.*--metrics .*\) formats=\(\) ;;/)
  t.match(stdout, / {4}plan\) .* formats=\(text json yaml\) ;;/)
  for (const shell of ['fish', 'toString'])
    t.match(await runInProcess(['completion', shell]), { exitCode: 2, stderr: /bash or zsh/ })
})

t.test(
  'zsh reads the script, and completes by it',
  existsSync('/usr/bin/zsh') ? {} : { skip: 'no zsh is here: apt-get install zsh' },
  async t => {
    const { stdout } = await runInProcess(['completion', 'zsh'])
    // compadd answers a completion alone, so it and what goes with it are stood in for.
    const answers = (...words: readonly string[]): string =>
      execFileSync(
        '/usr/bin/zsh',
        [
          ...['-f', '-c'],
          `compdef() { :; }; compadd() { shift; print -l -- "$@"; }; _files() { print files; }
${stdout}
words=("$@"); CURRENT=$#; _sower`,
          'zsh',
          ...words,
        ],
        { encoding: 'utf8' },
      ).trim()
    t.match(answers('sower', ''), /^detach$/m)
    t.equal(answers('sower', 'scan', '-o', ''), 'text\nwide\njson\nyaml')
    t.match(answers('sower', 'init', '--'), /^--seed$/m)
    t.equal(answers('sower', 'seal', '-o', ''), 'files')
  },
)
