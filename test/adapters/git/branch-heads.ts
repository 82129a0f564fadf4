import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { branchHeads } from '../../../src/adapters/git/mirror/branch-heads.ts'
import { gitRepository } from '../../../src/adapters/git/git-repository.ts'
import { findOnPath } from '../../../src/adapters/kustomize/find-on-path.ts'
import { cloneWith } from '../../support/clone-with.ts'
import { gitIn } from '../../support/run-sower.ts'

const path = process.env['PATH'] ?? ''

/** A server with branches, the mirror's copies of them, and all that was asked. */
const mirrorOf = (server: Map<string, string>) => {
  const copies = new Map<string, string>()
  const asked: string[] = []
  const down = { isDown: false }
  const show = (refs: Map<string, string>, prefix: string): string =>
    [...refs].map(([name, sha]) => `${sha}\t${prefix}${name}\n`).join('')
  const answer = async (what: string): Promise<void> => {
    asked.push(what)
    await Promise.resolve()
    if (down.isDown) throw new Error('no answer')
  }
  const heads = branchHeads({
    ask: async () => {
      await answer('ask')
      return show(server, 'refs/heads/')
    },
    list: async () => {
      await answer('list')
      return show(copies, 'refs/remotes/origin/')
    },
    fetch: async () => {
      await answer('fetch')
      copies.clear()
      for (const [name, sha] of server) copies.set(name, sha)
    },
  })
  return { heads, copies, down, taken: () => asked.splice(0) }
}

t.test('fetches only where a branch moved, came or went', async t => {
  const server = new Map([['main', 'a1']])
  const { heads, taken } = mirrorOf(server)
  t.equal(await heads.head('main'), undefined)
  await heads.fetch()
  t.equal(await heads.head('main'), 'a1')
  t.strictSame(taken(), ['list', 'fetch', 'list'], 'the first is a whole one')
  await heads.fetch()
  t.equal(await heads.head('main'), 'a1')
  t.strictSame(taken(), ['ask'])
  const changes = [
    () => server.set('main', 'a2'),
    () => server.set('seed/x', 'b1'),
    () => server.set('a\u00a0b', 'c1'),
    () => server.delete('seed/x'),
  ]
  for (const change of changes) {
    change()
    await heads.fetch()
    t.equal(await heads.head('main'), 'a2')
    for (const name of ['seed/x', 'a\u00a0b']) t.equal(await heads.head(name), server.get(name))
    t.strictSame(taken(), ['ask', 'fetch', 'list'])
  }
})

t.test('whoever asks while a fetch runs is served by a later one, all by the same', async t => {
  const server = new Map([['main', 'a1']])
  const { heads, taken } = mirrorOf(server)
  await heads.fetch()
  taken()
  const first = heads.fetch()
  while (taken().length === 0) await Promise.resolve()
  server.set('main', 'a2')
  const others = [heads.fetch(), heads.fetch(), heads.fetch()]
  await Promise.all([first, ...others])
  t.equal(await heads.head('main'), 'a2')
  const rest = taken()
  t.ok(rest.filter(one => one === 'ask').length <= 1, rest.join(' '))
  t.equal(rest.filter(one => one === 'fetch').length, 1, rest.join(' '))
})

t.test('a failure is told to those who wait, and nothing is believed after it', async t => {
  const server = new Map([['main', 'a1']])
  const { heads, copies, down, taken } = mirrorOf(server)
  await heads.fetch()
  server.set('main', 'a2')
  down.isDown = true
  await t.rejects(Promise.all([heads.fetch(), heads.fetch()]), { message: 'no answer' })
  await t.rejects(heads.head('main'), { message: 'no answer' })
  down.isDown = false
  await heads.fetch()
  t.equal(await heads.head('main'), 'a2')
  copies.set('main', 'a3')
  t.equal(await heads.head('main'), 'a2')
  heads.forget()
  t.equal(await heads.head('main'), 'a3', 'after a push')
  taken()
})

t.test('the git of an unchanged repository is asked one thing a look', async t => {
  const { directory, top } = await cloneWith(t)
  const log = join(directory, 'asked')
  const bin = join(directory, 'bin')
  mkdirSync(bin)
  const told = `#!/bin/sh\nprintf '%s\\n' "$1" >>'${log}'\nexec '${findOnPath('git', path) ?? ''}' "$@"\n`
  writeFileSync(join(bin, 'git'), told)
  chmodSync(join(bin, 'git'), 0o755)
  const own = join(directory, 'own')
  const options = { url: top, directory: own, tokenFile: null, path: `${bin}:${path}` }
  const repository = gitRepository(options)
  const branch = (await gitIn(top)('symbolic-ref', '--short', 'HEAD')).trim()
  const look = async (): Promise<readonly string[]> => {
    writeFileSync(log, '')
    await repository.fetch()
    const head = (await repository.branchHead(branch)) ?? ''
    t.ok(await repository.isAncestor(head, head))
    t.equal(await repository.diff(head, head), '')
    await repository.checkout(head)
    return readFileSync(log, 'utf8').split('\n').filter(Boolean)
  }
  t.ok((await look()).includes('fetch'))
  t.strictSame(await look(), ['ls-remote'])
  await gitIn(top)('commit', '--quiet', '--allow-empty', '-m', 'more')
  t.ok((await look()).includes('fetch'))
  t.strictSame(await look(), ['ls-remote'])
})
