import type { Socket } from 'node:net'
import type { Test } from 'tap'
import { startAttackedBot } from './start-attacked-bot.ts'

const MiB = 1024 * 1024
const head = (length: number, signature = `X-Hub-Signature-256: sha256=${'0'.repeat(64)}\r\n`) =>
  `POST /webhook HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n${signature}Content-Length: ${length}\r\n\r\n`

/** Plays each kind of attack, so often, and looks after each whether a delivery of GitHub's still gets through. */
export const attackBot = async (t: Test, times: number): Promise<void> => {
  const bot = await startAttackedBot(t)
  await bot.serves()
  const before = bot.peak()
  const many = <T>(count: number, make: (index: number) => T): T[] =>
    Array.from({ length: count * times }, (_, index) => make(index))
  const holding = async (what: string, sockets: readonly Socket[]): Promise<void> => {
    await bot.serves()
    t.pass(`serves under ${what}`)
    for (const socket of sockets) socket.destroy()
  }

  const big = 'x'.repeat(1.9 * MiB)
  await holding(
    'big bodies without a signature',
    many(20, () => bot.open(head(25 * MiB, ''), big)),
  )
  await holding(
    'big bodies with a length that is too long',
    many(20, () => bot.open(head(25 * MiB), big)),
  )
  await holding(
    'bodies that never end',
    many(40, () => bot.open(head(2 * MiB), big)),
  )
  await holding(
    'slow heads',
    many(1200, () => bot.open('POST /webhook HTTP/1.1\r\nHost: ')),
  )
  await holding(
    'slow bodies',
    many(1200, () => bot.open(head(100), 'x')),
  )
  const wrong = await Promise.all(
    many(10, () => bot.deliver('issue_comment', big, `sha256=${'0'.repeat(64)}`)),
  )
  t.ok(wrong.every(status => status === 401 || status === 503 || status === 0))
  await holding('bodies with a wrong signature', [])

  const deep = 500_000
  const malformed = [
    ...[
      'null',
      '[]',
      '1',
      '"x"',
      '{',
      '{"__proto__":{"action":"created"}}',
      '{"action":"created"}',
    ],
    ...[
      '['.repeat(deep) + ']'.repeat(deep),
      `${'{"sender":'.repeat(90_000)}1${'}'.repeat(90_000)}`,
    ],
    JSON.stringify({ action: 'created', comment: null, issue: [], sender: {}, repository: 'x' }),
  ]
  for (const body of malformed)
    for (const name of ['issue_comment', 'pull_request', '__proto__'])
      t.equal(await bot.deliver(name, body), 202)
  await holding('malformed payloads', [])

  const asked = bot.asked.length
  const bombs = ['*a_ ', 'a\n-\n', '- ', '> ', '[', '\n', '/seed abort\n', '`', '<!--', '&'].map(
    unit => `${unit.repeat(65_000 / unit.length)}\n\n/seed abort\n`,
  )
  let id = 0
  for (const bomb of many(1, () => bombs).flat())
    for (const body of [bomb, `/seed abort\n${bomb}`, `/seed detach ${bomb}`]) {
      id += 1
      t.equal(await bot.comment(id, 'mallory', body), 202)
    }
  await holding('hostile comments', [])
  const caused = bot.asked.slice(asked).filter(each => !each.includes('ada'))
  const answers = caused.filter(each => /^(?:POST|PATCH) .*\/comments/.test(each))
  // Three for mallory: an answer and a reaction each. Two for ada.
  t.ok(answers.length <= 8, `a stranger is answered seldom: ${answers.join(', ')}`)

  const grown = bot.peak() - before
  t.ok(
    grown < 250,
    `memory stays within bounds: ${Math.round(grown)} MiB more than ${Math.round(before)}`,
  )
  t.ok(bot.isAlive(), 'and it lives')
  t.notMatch(bot.log.join('\n'), /Error:|\n\s+at |Warning/)
  t.ok(bot.log.length < 300 * times, 'and says little')
}
