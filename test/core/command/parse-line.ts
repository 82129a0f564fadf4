import t from 'tap'
import { parseCommands } from '../../../src/core/command/parse-commands.ts'
import { parseLine } from '../../../src/core/command/parse-line.ts'

const sha = 'abcdef012345'

t.test('a command may name the head that it was written for', t => {
  const named = { verb: 'detach', cluster: 'sno1', sha }
  t.strictSame(parseLine(`/seed detach sno1 --sha ${sha}`), named)
  t.strictSame(parseLine(`/seed detach --sha=${sha.toUpperCase()} sno1`), named)
  t.strictSame(parseLine(`/seed retry --sha ${sha}`), { verb: 'retry', sha })
  for (const wrong of [
    '--sha',
    '--sha=',
    '--sha abc',
    '--sha abcdef0',
    '--sha HEAD',
    `--sha ${'a'.repeat(65)}`,
  ])
    t.match(parseLine(`/seed retry ${wrong}`), {
      verb: 'unknown',
      reason: /twelve hexadecimal digits/,
    })
  t.match(parseLine(`/seed status --sha ${sha}`), { verb: 'unknown', reason: /takes no `--sha`/ })
  t.match(parseLine('/seed detach sno1 --force'), { verb: 'unknown', reason: /one cluster/ })
  t.end()
})

t.test('a mistyped verb is answered with the one that was meant, and not guessed', t => {
  const meant = (line: string) => parseLine(line)
  t.match(meant('/seed detatch sno1'), {
    verb: 'unknown',
    reason: /did you mean `\/seed detach <cluster>`/,
  })
  t.match(meant('/seed STATSU'), { verb: 'unknown', reason: /did you mean `\/seed status`/ })
  t.match(meant('/seed x'), { verb: 'unknown', reason: /^there is no such command$/ })
  t.match(parseCommands('/seed status\u200B'), [{ reason: /invisible character/ }])
  t.end()
})

t.test('what may reinstall a host has to be said with its flag', t => {
  const flag = '--i-understand-this-may-reinstall'
  const reattach = { verb: 'reattach', cluster: 'sno1' }
  t.strictSame(parseLine(`/seed reattach sno1 ${flag}`), reattach)
  t.strictSame(parseLine(`/seed reattach ${flag} sno1 --sha ${sha}`), { ...reattach, sha })
  t.match(parseLine('/seed reattach sno1'), {
    ...{ verb: 'unknown', reason: `\`reattach\` needs \`${flag}\`: its host may be reinstalled` },
  })
  t.equal(parseLine(`/seed detach sno1 ${flag}`).verb, 'unknown')
  t.end()
})
