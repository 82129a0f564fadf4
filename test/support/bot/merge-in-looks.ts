import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Test } from 'tap'
import { parse } from 'yaml'
import { fileAttempts } from '../../../src/adapters/files/file-attempts.ts'
import { fileInbox } from '../../../src/adapters/files/file-inbox.ts'
import { gitRepository } from '../../../src/adapters/git/git-repository.ts'
import { gitHub } from '../../../src/adapters/github/git-hub.ts'
import { openChanges } from '../../../src/adapters/github/changes/open-changes.ts'
import { createRepositoryApi } from '../../../src/adapters/github/repository-api.ts'
import { createChecks } from '../../../src/bot/check/create-checks.ts'
import { createTurn } from '../../../src/bot/create-turn.ts'
import { recordVersion, writeRecord } from '../../../src/core/detach/seed-record.ts'
import { newRun } from '../../../src/core/run/run.ts'
import { createContext } from '../../../src/operations/context.ts'
import type { Kustomize } from '../../../src/operations/ports/kustomize.ts'
import { configuration, image } from '../fake-world.ts'
import { clusterInstance } from '../memory-tree.ts'
import { gitIn, temporaryDirectory } from '../run-sower.ts'
import { gitHubWith } from '../sandbox/git-hub-with.ts'
import { alter, savedWorld } from '../saved-world.ts'

/** The files that a kustomization lists, joined. */
const kustomize: Kustomize = {
  build: async directory => {
    const { resources } = parse(readFileSync(join(directory, 'kustomization.yaml'), 'utf8')) as {
      resources: readonly string[]
    }
    return resources.map(file => readFileSync(join(directory, file), 'utf8')).join('---\n')
  },
  version: async () => 'a kustomize v5.5.0',
}
const list = (...entries: readonly string[]): string =>
  `resources:\n${entries.map(entry => `  - ${entry}\n`).join('')}`

const key = '#2/comment/1/0'

/** A bot with a run before its merge, and people who do things in the middle of its looks. */
const scene = async (t: Test) => {
  const server = await gitHubWith(t)
  const directory = temporaryDirectory(t)
  const clone = join(directory, 'clone')
  mkdirSync(clone)
  const git = gitIn(clone)
  const commit = async (files: Readonly<Record<string, string>>): Promise<string> => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(join(clone, dirname(path)), { recursive: true })
      writeFileSync(join(clone, path), text)
    }
    await git('add', '--all')
    await git('commit', '--quiet', '-m', 'By hand')
    return (await git('rev-parse', 'HEAD')).trim()
  }
  /** Sets branches, whatever they were. */
  const push = (branches: Readonly<Record<string, string>>): Promise<string> =>
    git(
      ...['push', '--quiet', '--force', 'origin'],
      ...Object.entries(branches).map(([branch, sha]) => `${sha}:refs/heads/${branch}`),
    )
  const ask = async (method: string, path: string, body: object): Promise<unknown> => {
    const answer = await fetch(`${server.url}/repos/acme/ztp${path}`, {
      method,
      headers: { authorization: 'Bearer ada-token' },
      body: JSON.stringify(body),
    })
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status}`)
    return answer.json()
  }
  const open = async (head: string): Promise<number> =>
    ((await ask('POST', '/pulls', { title: head, head, base: 'main' })) as { number: number })
      .number
  await git('init', '--quiet', '--initial-branch=main')
  await git('remote', 'add', 'origin', server.gitUrl.replace('://', '://ada:ada-token@'))
  const main = await commit({
    'sower.yaml': configuration,
    'clusters/kustomization.yaml': list('sno1.yaml', 'sno2.yaml'),
    'clusters/sno1.yaml': clusterInstance('sno1'),
    'clusters/sno2.yaml': clusterInstance('sno2'),
  })
  const docs = await commit({ 'docs/a.md': 'x' })
  await git('reset', '--quiet', '--hard', main)
  const detach = await commit({
    'clusters/kustomization.yaml': list('sno2.yaml'),
    'seeds/sno1/record.yaml': writeRecord({
      ...{ apiVersion: recordVersion, kind: 'SeedRecord', cluster: 'sno1', image },
      ...{ status: 'detached', request: key, pullRequest: 2, mergedAs: null },
      ...{ detached: null, digest: null, finishedAt: null },
    }),
  })
  await git('reset', '--quiet', '--hard', main)
  const other = await commit({
    'clusters/kustomization.yaml': list('sno1.yaml'),
    'seeds/sno2/record.yaml': writeRecord({
      ...{ apiVersion: recordVersion, kind: 'SeedRecord', cluster: 'sno2', image: null },
      ...{ status: 'detached', request: null, pullRequest: 3, mergedAs: null },
      ...{ detached: null, digest: null, finishedAt: null },
    }),
  })
  await push({ main, docs, other })
  await open('docs')

  const world = savedWorld()
  const application = 'Application/openshift-gitops/clusters'
  const { spec } = world.hub.objects.get(application) as { spec: object }
  const source = { repoURL: 'https://github.com/acme/ztp.git', path: 'clusters' }
  alter(world.hub.objects, application, { spec: { ...spec, source } })
  const tokenFile = join(directory, 'token')
  writeFileSync(tokenFile, 'bot-token')
  const options = {
    ...{ apiUrl: server.url, repository: 'acme/ztp', token: () => 'bot-token', writeGap: 0 },
    ...{ stopping: new AbortController().signal, now: world.now },
  }
  const api = createRepositoryApi(options)
  const context = createContext({
    ports: {
      ...world.ports,
      ...{ kustomize, forge: gitHub(options, api) },
      repository: gitRepository({
        ...{ url: server.gitUrl, directory: join(directory, 'git'), tokenFile },
        path: process.env['PATH'] ?? '',
      }),
    },
    settings: { repository: 'acme/ztp', branch: 'main', namespace: 'sower' },
    now: world.now,
  })
  const log = { debug: () => undefined, info: () => undefined, warn: () => undefined }
  const attempts = fileAttempts(join(directory, 'attempts'))
  const inbox = fileInbox(join(directory, 'inbox'))
  const turn = createTurn({ context, attempts, log, inbox })
  const changes = openChanges(api)
  const checks = createChecks({ context, attempts, log, changes, interval: 1_000 })
  const look = async (): Promise<void> => {
    world.tick(2)
    await turn.take()
    await turn.settled()
    do await checks.look()
    while (checks.dueAt() === 0)
  }
  /** Puts all back to before the merge, in a new pull request; returns its number. */
  const begin = async (): Promise<number> => {
    const branch = `seed-${server.requests.length}`
    await push({ main, [branch]: detach })
    const pullRequest = await open(branch)
    const asked = { cluster: 'sno1', image, repository: 'acme/ztp', pullRequest, key, by: 'ada' }
    const run = newRun({ ...asked, headSha: detach }, world.now().toISOString())
    world.runs.set('sno1', { ...run, version: '1', phase: 'Proposed' })
    await look()
    return pullRequest
  }
  /** The statuses that were set, in their order. */
  const statuses = (): readonly string[] =>
    server.requests.flatMap(({ method, path, requestBody }) => {
      if (method !== 'POST' || !path.includes('/statuses/')) return []
      const { context: name, state, description } = JSON.parse(requestBody) as Body
      return `${name} ${state}: ${description}`
    })
  /** The branch of a pull request, brought up to date by a person who takes the files from where they say. */
  const update = async (branch: string, files: Readonly<Record<string, string>>): Promise<void> => {
    await git('fetch', '--quiet', 'origin')
    await git('checkout', '--quiet', '-B', 'work', `origin/${branch}`)
    await git('merge', '--quiet', '--no-commit', '-s', 'ours', 'origin/main')
    await git('checkout', '--quiet', 'origin/main', '--', 'seeds')
    await git('checkout', '--quiet', `origin/${branch}`, '--', 'seeds')
    await push({ [branch]: await commit(files) })
  }
  const show = async (path: string): Promise<string> => {
    await git('fetch', '--quiet', 'origin')
    return git('show', `origin/main:${path}`)
  }
  const say = (id: number, pullRequest: number, body: string): void => {
    const event = { kind: 'comment', commentId: id, sender: 'ada', body, pullRequest } as const
    inbox.put({ ...event, key: `#${pullRequest}/comment/${id}` })
  }
  const acting = { update, show, say, world }
  return { server, ask, look, begin, open, statuses, run: () => world.runs.get('sno1'), ...acting }
}

type Body = Readonly<Record<'context' | 'state' | 'description', string>>

/** Merges at each point of a look, one after the other, up to the last one; returns what was asked at each of them. */
export const mergeInLooks = async (
  t: Test,
  method: 'merge' | 'squash',
): Promise<readonly string[]> => {
  const { server, ask, look, begin, statuses, run } = await scene(t)
  const points: string[] = []
  for (;;) {
    const number = await begin()
    t.match(run(), { phase: 'Proposed', blocked: null })
    const asked: string[] = []
    const merged: string[] = []
    let isMerging = false
    server.setBefore(async ({ method: by, path }) => {
      if (isMerging || asked.push(`${by} ${path}`) <= points.length) return
      isMerging = true
      const body = { merge_method: method }
      const { sha } = (await ask('PUT', `/pulls/${number}/merge`, body)) as { sha: string }
      merged.push(sha)
    })
    await look()
    server.setBefore(null)
    const [mergedAs] = merged
    if (mergedAs === undefined) break
    await look()
    points.push(asked.at(-1) ?? '')
    const at = `merged before ${points.at(-1)}`
    t.match(run(), { phase: 'Detaching', blocked: null, facts: { mergedAs } }, at)
  }
  t.match(points, [/pulls\/2$/, /info\/refs/], 'the pull request is read, then git is')
  t.ok(points.length > 4, points.join('\n'))
  t.match(statuses(), [/^sower success: Proposed/, /^sower\/check success/])
  const bad = statuses().filter(status => !/^\S+ (?:success: |pending: Detaching)/.test(status))
  t.strictSame(bad, [], 'green before the merge, and the wait for the hub after it')
  return points
}

/** Two pull requests that each take one of the last two clusters: another is merged while the run of this one waits for its merge. */
export const takeTheLastTwo = async (t: Test): Promise<void> => {
  const { ask, look, begin, open, statuses, run, update, show, say } = await scene(t)
  const number = await begin()
  t.match(run(), { phase: 'Proposed', blocked: null })
  const other = await open('other')
  await look()
  t.match(statuses().at(-1), 'sower/check success: sno2 leaves, as its record says')
  await ask('PUT', `/pulls/${other}/merge`, {})
  // Back to Requested, where it says why.
  await look()
  await look()
  t.ok(run()?.blocked, 'what was right alone is not right any more')
  t.match(statuses().slice(-3).sort(), [
    /^sower failure/,
    /^sower pending/,
    /^sower\/check failure/,
  ])
  const { head } = (await ask('PATCH', `/pulls/${number}`, {})) as { head: { ref: string } }
  await update(head.ref, { 'clusters/kustomization.yaml': 'resources: []\n' })
  await look()
  t.match(run(), { blocked: { code: 'HEAD_MOVED' } }, 'a person looks at what came in')
  say(77, number, '/seed retry')
  await look()
  await look()
  t.match(run(), { phase: 'Proposed', blocked: null })
  t.match(statuses().slice(-2).sort(), [/^sower success/, /^sower\/check success: sno1 leaves/])
  await ask('PUT', `/pulls/${number}/merge`, {})
  await look()
  t.match(run(), { phase: 'Detaching', blocked: null })
  t.equal(await show('clusters/kustomization.yaml'), 'resources: []\n')
  for (const cluster of ['sno1', 'sno2'])
    t.match(await show(`seeds/${cluster}/record.yaml`), 'status: detached')
}
