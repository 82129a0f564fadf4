import t from 'tap'
import { fine, mistake, warning } from '../src/core/finding.ts'
import { names } from '../src/core/names.ts'
import { printable } from '../src/core/printable.ts'
import { isGits } from '../src/core/is-gits.ts'
import { refusedTree, refuseTree, treeLimits } from '../src/core/refuse-tree.ts'
import { refuseLarger, sizeLimits } from '../src/core/size-limits.ts'
import { bytesAt, followLinks, readText, realPath, textAt } from '../src/core/repository-tree.ts'
import { rightWithRole } from '../src/core/right.ts'
import { absent, forbidden, holds, mapSeen, present, unknown } from '../src/core/seen.ts'
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
  t.equal(withoutCredentials('a??b?token=canary'), 'a??b?token=***')
  // By the square of its length such a text would take hours.
  for (const text of ['?v', '&', '://', 'a:', '@'])
    t.equal(withoutCredentials(text.repeat(300_000)).length, 300_000 * text.length)
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

t.test('a right is said as people ask for it, with the role that holds it', t => {
  const secret = { verb: 'get', group: '', resource: 'secrets', namespace: 'n' }
  const applications = { verb: 'list', group: 'argoproj.io', resource: 'applications' }
  const cases = [
    [{ ...secret, name: 'a-access' }, 'get secrets n/a-access (Role sower-access in n)'],
    [{ ...secret, verb: 'create' }, 'create secrets in n (Role sower-access in n)'],
    [{ ...secret, name: 'seedgen' }, 'get secrets n/seedgen (Role sower-push-credential in n)'],
    [{ ...secret, name: 'a-admin-kubeconfig' }, /\(ClusterRole sower-seeds\)$/],
    [{ ...secret, name: 'auto-import-secret' }, /\(ClusterRole sower\)$/],
    [{ ...secret, group: 'bitnami.com' }, /\(Role sower-push-credential in n\)$/],
    [{ ...applications, namespace: 'n' }, /^list applications.argoproj.io in n \(Role sower-app/],
    [{ ...applications, name: 'a' }, /^list applications.argoproj.io a /],
    [{ verb: 'list', group: '', resource: 'nodes' }, 'list nodes (ClusterRole sower)'],
  ] as const
  for (const [right, said] of cases) t.match(rightWithRole(right), said)
  t.strictSame(forbidden(secret), { seen: 'unknown', why: 'forbidden', denied: secret })
  t.end()
})

t.test('a file that is too large is refused before it is read, with its size and the limit', t => {
  const large = 'a'.repeat(sizeLimits.settings + 1)
  const tree = memoryTree({ large, fits: large.slice(1) })
  const unread = { ...tree, read: () => t.fail('it is read') as never }
  for (const read of [textAt, readText, bytesAt] as const) {
    t.throws(() => read(unread, 'large', sizeLimits.settings), {
      ...{ name: 'RefusedError', code: 'FILE_TOO_LARGE' },
      message: 'reading large: it has 65537 bytes, and Sower reads at most 65536 of such a file',
    })
    t.equal(read(tree, 'fits', sizeLimits.settings).length, sizeLimits.settings)
  }
  t.equal(textAt(tree, 'large').length + readText(tree, 'large').length, 2 * large.length)
  refuseLarger('f', 1, 1)
  t.end()
})

t.test('a tree that cannot be checked out is refused, with what is wrong', t => {
  const file = (path: string, size = 1, mode = '100644') => ({ mode, size, path })
  const tree = { mode: '040000', size: 0 }
  const refuse = (entries: Iterable<ReturnType<typeof file>>, foldsCase = false): void => {
    refuseTree('0123456789abcdef', entries, { foldsCase })
  }
  const many = function* () {
    for (let one = 0; one <= treeLimits.entries; one += 1) yield file(String(one))
  }
  for (const [entries, says] of [
    [many(), /more than 200000 files and directories$/],
    [[file('a', treeLimits.bytes), file('b')], /more than 1073741824 bytes together$/],
    [[file(`${'d/'.repeat(1024)}f`)], /the path d\/d\/.*… has 2049 bytes/],
    [[file(`a/${'n'.repeat(256)}`)], /the name n{60}… has 256 bytes/],
    [[file('a/../b')], /"a\/\.\.\/b" leads out/],
    [[file('a//b')], /leads out/],
    [[file('.GIT/hooks/x')], /git's own$/],
    [[file('l', 4096, '120000')], /symbolic link l has a target of 4096 bytes$/],
    [[file('a'), { ...tree, path: 'a' }], /two entries clash as a$/],
  ] as const)
    t.throws(
      () => {
        refuse(entries)
      },
      { name: 'RefusedError', code: 'CHECKOUT_REFUSED', message: says },
      String(says),
    )
  refuse([file('A'), file('a'), file('l', 4095, '120000'), file('\u00fc'), { ...tree, path: 'd' }])
  t.throws(
    () => {
      refuse([file('A'), file('a')], true)
    },
    { message: 'checking out 0123456789ab: two entries clash as a' },
  )
  t.equal(refusedTree('a', 'no').fix, 'take that out of the branch')
  t.notOk(isGits('.gitignore'))
  t.end()
})

t.test('follows symbolic links as far as they stay in the repository', t => {
  const links = new Map([
    ['site/l', '../a/b'],
    ['a/b', 'c/'],
    ['up', '.'],
    ['out', '../x'],
    ['far', '/etc'],
    ['round', 'trip'],
    ['trip', 'round/x'],
  ])
  for (const [path, target] of [
    ['site/l/k.yaml', 'a/c/k.yaml'],
    ['a/c', 'a/c'],
    ['up', '.'],
    ['up/site', 'site'],
    ['out', null],
    ['far/passwd', null],
    ['round', null],
    ['.', '.'],
  ] as const)
    t.equal(
      followLinks(path, at => links.get(at)),
      target,
      path,
    )
  t.end()
})
