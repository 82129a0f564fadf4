import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import t from 'tap'
import { startGitHub } from '../../../src/sandbox/github/start-github.ts'
import { clusterInstance, listing } from '../../support/memory-tree.ts'
import { repositoryWith, type Content } from '../../support/repository-with.ts'
import { temporaryDirectory } from '../../support/run-sower.ts'
import { startAttackedBot } from '../../support/bot/start-attacked-bot.ts'

const KiB = 1024
const deep = 200_000
const image = 'registry.example.com/ibu/a:4.18.5'
const request = (cluster: string): string =>
  `apiVersion: sower.dev/v1alpha1\nkind: SeedRequest\ncluster: ${cluster}\nimage: ${image}\n`
const seedGenerator = (cluster: string): string =>
  `apiVersion: lca.openshift.io/v1\nkind: SeedGenerator\nmetadata: {name: seedimage}\nspec: {seedImage: ${image}, recertImage: evil/x:1}\n# ${cluster}\n`

/** What a pull request may bring, by what it is. */
const attacks = (cluster: string): Readonly<Record<string, Content>> => ({
  'a large kustomization': {
    'site/kustomization.yaml': `resources:\n${'- a\n'.repeat(500 * KiB)}`,
  },
  'a large request': { [`seeds/${cluster}/request.yaml`]: 'a: b\n'.repeat(20 * KiB) },
  'a large record': { [`seeds/${cluster}/record.yaml`]: 'a: b\n'.repeat(20 * KiB) },
  'a large configuration': { 'sower.yaml': `seeds: [${'x,'.repeat(40 * KiB)}]\n` },
  'a large manifest': { 'site/big.yaml': 'a: b\n'.repeat(2000 * KiB) },
  'brackets in each other': { 'site/kustomization.yaml': `resources: ${'['.repeat(deep)}` },
  'mappings in each other': {
    [`seeds/${cluster}/record.yaml`]: Array.from(
      { length: 250 },
      (_, at) => `${' '.repeat(at)}a:`,
    ).join('\n'),
  },
  'aliases that multiply': {
    'site/kustomization.yaml': `${Array.from({ length: 30 }, (_, at) => `a${at}: &a${at} [${at === 0 ? 'x' : `*a${at - 1}, *a${at - 1}, *a${at - 1}`}]`).join('\n')}\nresources: *a29\n`,
  },
  'long paths': { [`${Array.from({ length: 18 }, () => 'd'.repeat(200)).join('/')}/x`]: 'x' },
  'links out of the repository': {
    'site/kustomization.yaml': listing('link.yaml', 'up'),
    'site/link.yaml': { to: '/etc/passwd' },
    'site/up': { to: '../../..' },
  },
  'a list that hides': {
    'site/kustomization.yaml': listing('a.yaml', 'list.yaml'),
    'site/list.yaml': `apiVersion: v1\nkind: List\nitems:\n${seedGenerator(cluster).replace(/^/gm, '  ').replace(/^ {2}/, '- ')}`,
  },
  'a SeedGenerator of its own': { [`seeds/${cluster}/seedgenerator.yaml`]: seedGenerator(cluster) },
  // These two are not made of files.
  'very many files': {},
  'another base after the order': {},
})
/** A tree of a quarter of a million files in two objects, beside what HEAD holds. */
const manyFiles = (top: string): string => {
  const git = (input: string, ...words: readonly string[]): string =>
    execFileSync('git', words, { cwd: top, input, encoding: 'utf8' }).trim()
  const tree = (entry: string): string =>
    git(Array.from({ length: 500 }, (_, at) => `${entry}\t${at}\n`).join(''), 'mktree')
  const blob = git('x', 'hash-object', '-w', '--stdin')
  const many = tree(`040000 tree ${tree(`100644 blob ${blob}`)}`)
  return git(`${git('', 'ls-tree', 'HEAD')}\n040000 tree ${many}\tmany\n`, 'mktree')
}
const kinds = Object.keys(attacks('x'))
/** What the bot says of it on the pull request. */
const said: Readonly<Record<string, RegExp>> = {
  'a large kustomization': /`FILE_TOO_LARGE`.*site\/kustomization\.yaml/,
  'a large request': /`FILE_TOO_LARGE`.*request\.yaml/,
  'a large record': /`FILE_TOO_LARGE`.*record\.yaml/,
  // The settings are those of the base.
  'a large configuration': /: Requested/,
  'a large manifest': /`FILE_TOO_LARGE`.*site\/big\.yaml/,
  'brackets in each other': /`KUSTOMIZATION_UNREADABLE`.*it nests deeper/,
  'mappings in each other': /`RECORD_INVALID`.*it nests deeper/,
  'aliases that multiply': /`KUSTOMIZATION_UNREADABLE`.*too many aliases/,
  'long paths': /`CHECKOUT_REFUSED`.*bytes/,
  'links out of the repository': /`ENTRY_SYMLINK`.*link\.yaml/,
  'a list that hides': /✗ block \| site\/list\.yaml: SeedGenerator/,
  'very many files': /`CHECKOUT_REFUSED`.*more than 200000 files/,
  'another base after the order': /`REQUEST_INVALID`.*its base is release/,
  'a SeedGenerator of its own': /✗ block \| seeds\/sno\d+\/seedgenerator\.yaml: SeedGenerator/,
}
const clusters = kinds.map((_, at) => `sno${at}`)

t.test('a hostile repository neither stops the bot nor keeps others out', async t => {
  const gitHub = await startGitHub({
    directory: join(temporaryDirectory(t), 'github'),
    repository: 'example/ztp',
    accounts: [
      { login: 'ada', type: 'User', token: 'token-of-ada', permission: 'write' },
      { login: 'sower[bot]', type: 'Bot', token: 'token-of-the-bot', permission: 'write' },
    ],
    tell: () => undefined,
  })
  t.teardown(gitHub.close)
  const call = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const answer = await fetch(`${gitHub.url}/repos/example/ztp${path}`, {
      method,
      headers: { authorization: 'Bearer token-of-ada' },
      body: body === undefined ? null : JSON.stringify(body),
    })
    return answer.json()
  }
  const commentsOf = async (pullRequest: number): Promise<string> => {
    const comments = await call('GET', `/issues/${pullRequest}/comments`)
    return (comments as { body: string }[]).map(({ body }) => body).join('\n')
  }
  const { top, git, write } = await repositoryWith(t, {
    'sower.yaml': `apiVersion: sower.dev/v1alpha1\nkind: Configuration\nseeds: [${clusters.join(', ')}]\nroots: [site]\n`,
    'site/kustomization.yaml': listing('a.yaml', 'b.yaml'),
    'site/a.yaml': clusters.map(name => clusterInstance(name)).join('---\n'),
    'site/b.yaml': clusterInstance('other'),
  })
  await git('push', '--quiet', '--force', gitHub.bareRepository, 'main', 'main:release')
  const { id: repositoryId } = (await call('GET', '')) as { id: number }
  const { url: apiUrl, gitUrl } = gitHub
  const bot = await startAttackedBot(t, { apiUrl, gitUrl, repositoryId })
  const until = async (condition: () => boolean): Promise<void> => {
    while (bot.isAlive() && !condition()) await new Promise(resolve => setTimeout(resolve, 50))
  }
  let commented = 100
  const comment = async (body: string, pullRequest: number): Promise<void> => {
    commented += 1
    t.equal(await bot.comment(commented, 'ada', body, pullRequest), 202, body)
  }
  /** An order of somebody else, on a pull request of its own, that is obeyed. */
  const ask = async (body: string): Promise<void> => {
    await comment(body, honest)
    const key = `/comment/${commented}"`
    await until(() => bot.log.some(line => line.includes(key)))
  }
  const open = async (title: string, head: string): Promise<number> => {
    await git('push', '--quiet', gitHub.bareRepository, head)
    const made = await call('POST', '/pulls', { title, head, base: 'main' })
    return (made as { number: number }).number
  }
  await git('checkout', '--quiet', '-B', 'honest', 'main')
  await write({ 'seeds/other/request.yaml': request('other') }, 'An honest request')
  const honest = await open('An honest request', 'honest')
  const before = bot.peak()
  for (const [at, kind] of kinds.entries()) {
    const cluster = clusters[at] ?? ''
    await git('checkout', '--quiet', '-f', '-B', cluster, 'main')
    await git('clean', '-qfdx')
    const content = attacks(cluster)[kind] ?? {}
    // Links and other files take the place of what is there.
    for (const path of Object.keys(content)) await git('rm', '-rfq', '--ignore-unmatch', path)
    await write({ [`seeds/${cluster}/request.yaml`]: request(cluster), ...content }, kind)
    if (kind === 'very many files') {
      const tree = manyFiles(top)
      const commit = await git('commit-tree', '-p', 'HEAD', '-m', kind, tree)
      await git('update-ref', `refs/heads/${cluster}`, commit.trim())
    }
    const pullRequest = await open(kind, cluster)
    await comment(`/seed detach ${cluster}`, pullRequest)
    if (kind === 'another base after the order') {
      // Not before the order is obeyed: a refusal of it would stand in the one answer until the retry's takes its place.
      while (bot.isAlive() && !(await commentsOf(pullRequest)).includes(cluster))
        await new Promise(resolve => setTimeout(resolve, 100))
      await call('PATCH', `/pulls/${pullRequest}`, { base: 'release' })
      await comment('/seed retry', pullRequest)
    }
    // Events are taken in one after the other: what was asked for first does not stop what comes behind it.
    await ask('/seed status')
    t.ok(bot.isAlive(), `an honest order beside ${kind} is obeyed`)
  }
  for (const [at, kind] of kinds.entries()) {
    const seen = { text: '' }
    const isSaid = async (): Promise<boolean> => {
      seen.text = await commentsOf(honest + at + 1)
      return said[kind]?.test(seen.text) === true
    }
    while (bot.isAlive() && !(await isSaid()))
      await new Promise(resolve => setTimeout(resolve, 100))
    t.match(seen.text, said[kind], `it says what is wrong with ${kind}`)
  }
  await ask('/seed help')
  const pushed = await git('ls-remote', gitHub.bareRepository)
  for (const cluster of clusters)
    t.ok(
      pushed.includes((await git('rev-parse', cluster)).trim()),
      `nothing was pushed to ${cluster}`,
    )
  const grown = bot.peak() - before
  t.ok(
    grown < 400,
    `memory stays within bounds: ${Math.round(grown)} MiB more than ${Math.round(before)}`,
  )
  t.ok(bot.isAlive())
  t.notMatch(bot.log.join('\n'), /SET_ASIDE|\n\s+at |token-of-the-bot|root:x:0/)
})
