import t from 'tap'
import { fine, mistake, warning } from '../src/core/finding.ts'
import { names } from '../src/core/names.ts'
import { printable } from '../src/core/printable.ts'
import { readText, realPath, textAt } from '../src/core/repository-tree.ts'
import { absent, holds, mapSeen, present, unknown } from '../src/core/seen.ts'
import { withoutCredentials } from '../src/core/without-credentials.ts'
import { memoryTree } from './support/memory-tree.ts'

t.test('a finding has something to do, unless all is well', t => {
  const [code, reason, fix] = ['SEALED_AGE', 'it is old', 'seal it again'] as const
  t.strictSame(fine(code, reason), { code, level: 'ok', reason, fix: null })
  t.strictSame(warning(code, reason, fix), { code, level: 'warn', reason, fix })
  t.strictSame(mistake(code, reason, fix), { code, level: 'bad', reason, fix })
  t.end()
})

t.test('names are spelt as the Lifecycle Agent and the API spell them', t => {
  t.strictSame(names, {
    seedSecret: 'seedgen',
    authKey: 'seedAuth',
    seedGenerator: 'seedimage',
    clusterAnnotation: 'sower.dev/cluster',
  })
  t.end()
})

t.test('a URL is told of without what it lets in, wherever it stands in a text', t => {
  for (const [text, shown] of [
    ['https://example.com/a?ref=main', 'https://example.com/a?ref=main'],
    ['git@github.com:org/repo.git', 'git@github.com:org/repo.git'],
    ['site/sno1.yaml:3: a: b', 'site/sno1.yaml:3: a: b'],
    ['https://token@example.com/a', 'https://***@example.com/a'],
    ["of 'ssh://user:a@b@example.com/a'", "of 'ssh://***@example.com/a'"],
    ['user:canary@example.com/a', '***@example.com/a'],
    ['git@user:canary@example.com/a', 'git@***@example.com/a'],
    ['https://example.com/a?token=canary&ref=x', 'https://example.com/a?token=***&ref=x'],
  ] as const)
    t.equal(withoutCredentials(text), shown)
  t.end()
})

t.test('a tree tells where its links lead, or follows none', t => {
  const tree = memoryTree({})
  t.equal(realPath(tree, 'a'), 'a')
  t.equal(realPath({ ...tree, real: path => `to/${path}` }, 'a'), 'to/a')
  t.end()
})

t.test('what is printable stays one line and does nothing to a terminal', t => {
  for (const [text, shown] of [
    ['site/sno1.yaml', 'site/sno1.yaml'],
    ['für 日本 🌱', 'für 日本 🌱'],
    ['a\nb\r\tc', String.raw`a\u{a}b\u{d}\u{9}c`],
    ['\u001B[31mred', String.raw`\u{1b}[31mred`],
    ['a\u2028b\u2029c', String.raw`a\u{2028}b\u{2029}c`],
    ['a\u202Egpj.exe', String.raw`a\u{202e}gpj.exe`],
    ['\u{E0041}', String.raw`\u{e0041}`],
    [String.raw`a\u{a}b`, String.raw`a\u{5c}u{a}b`],
  ] as const)
    t.equal(printable(text), shown)
  t.end()
})

t.test('reads a file with every byte of its text, and nothing but a plain file', t => {
  const tree = memoryTree({
    'a/bom.yaml': '\uFEFFa: ü\r\n',
    'a/latin': Uint8Array.of(0x61, 0xfc),
    'a/link': { link: 'bom.yaml' },
  })
  t.equal(readText(tree, 'a/bom.yaml'), '\uFEFFa: ü\r\n')
  t.equal(textAt(tree, 'a/bom.yaml'), 'a: ü\r\n', 'for looking, without the mark')
  t.equal(textAt(tree, 'a/latin'), 'a\uFFFD')
  for (const path of ['a', 'a/link', 'a/gone'])
    t.throws(() => readText(tree, path), {
      name: 'RefusedError',
      code: 'ENTRY_MISSING',
      message: `reading ${path}: it is not a plain file`,
    })
  t.end()
})

t.test('only what is present is tested or changed', t => {
  const unanswered = unknown('forbidden')
  t.ok(holds(present(1), value => value === 1))
  t.notOk(holds(present(1), value => value === 2))
  for (const read of [absent, unanswered]) {
    t.notOk(holds(read, () => true))
    t.equal(
      mapSeen(read, () => 1),
      read,
    )
  }
  t.strictSame(
    mapSeen(present(1), value => value + 1),
    present(2),
  )
  t.strictSame(unanswered, { seen: 'unknown', why: 'forbidden' })
  const retryAt = '2026-11-22T10:00:00Z'
  t.strictSame(unknown('timeout', retryAt), { seen: 'unknown', why: 'timeout', retryAt })
  t.end()
})
