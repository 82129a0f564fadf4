import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { gitRepository } from '../../../src/adapters/git/git-repository.ts'
import { runGit } from '../../../src/adapters/git/run-git.ts'
import { cloneWith } from '../../support/clone-with.ts'
import { gitIn } from '../../support/run-sower.ts'

const path = process.env['PATH'] ?? ''

/** Writes a tree that git's own commands would not make, and returns a commit of it. */
const commitOf = async (
  clone: string,
  entries: readonly (readonly [mode: string, id: string, name: string])[],
): Promise<string> => {
  const place = { directory: clone, environment: { PATH: path, HOME: clone } }
  const body = Buffer.concat(
    entries.map(([mode, id, name]) =>
      Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(id, 'hex')]),
    ),
  )
  writeFileSync(join(clone, 'tree'), body)
  const words = ['hash-object', '-t', 'tree', '-w', '--literally', 'tree']
  const tree = (await runGit(place, words)).toString().trim()
  return (await gitIn(clone)('commit-tree', '-m', 'hostile', tree)).trim()
}

t.test(
  'a commit that cannot be checked out is refused before anything of it is written',
  async t => {
    const { top: clone, git, first: base, directory } = await cloneWith(t)
    const own = join(directory, 'own')
    const repository = gitRepository({ url: clone, directory: own, tokenFile: null, path })
    const blob = (await git('rev-parse', 'HEAD:a')).trim()
    const tree = (await git('rev-parse', 'HEAD^{tree}')).trim()
    const treeOf = async (of: string) => (await git('rev-parse', `${of}^{tree}`)).trim()
    let bomb = tree
    for (let depth = 0; depth < 12; depth += 1) {
      const names = Array.from({ length: 10 }, (_, at) => `${at}${'x'.repeat(150)}`)
      bomb = await treeOf(
        await commitOf(
          clone,
          names.map(name => ['40000', bomb, name] as const),
        ),
      )
    }
    for (const [entries, says] of [
      [[['100644', blob, 'n'.repeat(256)]], /has 256 bytes/],
      [[['40000', tree, '.git']], /into git's own/],
      [[['100644', blob, '..']], /leads out/],
      [
        [
          ['100644', blob, 'a'],
          ['40000', tree, 'a'],
        ],
        /two entries clash as a/,
      ],
      [[['40000', bomb, 'b']], /the path .* has \d+ bytes|list of its files|more than/],
    ] as const) {
      const sha = await commitOf(clone, entries)
      await git('update-ref', 'refs/heads/hostile', sha)
      await repository.fetch()
      const refused = { name: 'RefusedError', code: 'CHECKOUT_REFUSED', message: says }
      await t.rejects(repository.checkout(sha), refused, String(says))
      await t.rejects(repository.merge(base, sha), refused)
      await t.rejects(repository.broughtBy(base, sha), refused)
    }
    t.equal((await repository.checkout(base)).tree.entry('a'), 'file', 'others can be')
    t.strictSame(readdirSync(join(own, 'checkouts')).length, 1)
  },
)
