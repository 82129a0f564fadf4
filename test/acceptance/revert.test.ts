import { execa } from 'execa'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { gitRepository } from '../../src/adapters/git/git-repository.ts'
import { kustomizeCli } from '../../src/adapters/kustomize/kustomize-cli.ts'
import { readRecord, writeRecord, type SeedRecord } from '../../src/core/detach/seed-record.ts'
import { newRun, type Run } from '../../src/core/run/run.ts'
import { createContext } from '../../src/operations/context.ts'
import { readBase } from '../../src/operations/read-base.ts'
import { recordMerge } from '../../src/operations/effects/record-merge.ts'
import type { Ports } from '../../src/operations/ports/ports.ts'
import { flatList, repositoryWith, type Content } from '../support/repository-with.ts'
import { runInProcess } from '../support/run-in-process.ts'
import { kustomizePlaces, runSower, temporaryDirectory } from '../support/run-sower.ts'

const list = 'site/kustomization.yaml'
const recordPath = 'seeds/sno1/record.yaml'
const reinstall = '--i-understand-this-may-reinstall'
const run = newRun(
  {
    ...{ key: '#7/comment/1/0', cluster: 'sno1', image: 'quay.io/org/seed:4.18' },
    ...{ repository: 'example/site', pullRequest: 7, by: 'ada', headSha: '' },
  },
  '2026-11-29T10:00:00.000Z',
)

/** A person's clone right after the merge of a pull request on which Sower has committed the detach. */
const merged = async (t: Test, how: 'merge' | 'squash', before: Content = {}) => {
  const { top, git } = await repositoryWith(t, { ...flatList(), ...before })
  const directory = temporaryDirectory(t)
  const bare = join(directory, 'bare.git')
  await execa('git', ['clone', '--quiet', '--bare', top, bare])
  await git('remote', 'add', 'origin', bare)
  await git('push', '--quiet', 'origin', 'main:ask')
  const path = process.env['PATH'] ?? ''
  const repository = gitRepository({ url: bare, directory, tokenFile: null, path })
  await repository.fetch()
  const kustomize = kustomizeCli(kustomizePlaces, { timeLimit: 60 })
  const context = createContext({
    ports: { repository, kustomize } as unknown as Ports,
    settings: { repository: 'example/site', branch: 'main', namespace: 'sower' },
    now: () => new Date('2026-11-29T10:00:00.000Z'),
  })
  const base = await readBase(context)
  const { sha } = await context.detachCommits(run.request, { onto: base.checkout, base })
  await repository.push(sha, 'ask')

  await git('fetch', '--quiet', 'origin')
  if (how === 'squash') {
    await git('merge', '--quiet', '--squash', 'origin/ask')
    await git('commit', '--quiet', '--message', 'Detach sno1 (#7)')
  } else await git('merge', '--quiet', '--no-ff', '--no-edit', 'origin/ask')
  await git('push', '--quiet', 'origin', 'main')
  const mergedAs = (await git('rev-parse', 'HEAD')).trim()
  await repository.fetch()
  const following: Run = { ...run, facts: { ...run.facts, mergedAs } }
  return {
    top,
    git,
    mergedAs,
    record: () => readRecord(recordPath, readFileSync(join(top, recordPath), 'utf8')),
    /** What the bot does next, and the person fetches. */
    recorded: async (): Promise<string> => {
      await recordMerge(context, following, mergedAs)
      await git('pull', '--quiet', '--ff-only', 'origin', 'main')
      return (await git('rev-parse', 'HEAD')).trim()
    },
    /** Takes the merge back as the button does; the files that conflict, none where it goes through. */
    revert: async (): Promise<string> => {
      const parent = how === 'merge' ? ['-m', '1'] : []
      try {
        await git('revert', '--no-edit', ...parent, mergedAs)
        return ''
      } catch {
        const status = await git('status', '--porcelain')
        await git('revert', '--abort')
        return status
      }
    },
    /** What Argo CD would get. */
    generate: () => runSower(['generate', 'site'], { cwd: top }),
  }
}

/** A record that an earlier run has left, with its fields in the order in which Sower writes them. */
const earlier = (change: Partial<SeedRecord>): Content => {
  const text = writeRecord({
    ...{ apiVersion: 'sower.dev/v1alpha1', kind: 'SeedRecord', cluster: 'sno1', image: 'a/b:c' },
    ...{ status: 'reattached', request: '#3', pullRequest: 3, mergedAs: '1'.repeat(40) },
    ...{ detached: null, digest: null, finishedAt: null, ...change },
  })
  return { [recordPath]: writeRecord(readRecord(recordPath, text)) }
}

t.test('a revert of the merge conflicts from the commit of the bot on', async t => {
  for (const [how, before, conflict] of [
    ['merge', {}, `UD ${recordPath}\n`],
    ['squash', {}, `UD ${recordPath}\n`],
    // Else it would bring back the acknowledgement of an earlier reattach, too.
    ['merge', earlier({}), `UU ${recordPath}\n`],
    ['squash', earlier({ mergedAs: null }), `UU ${recordPath}\n`],
    ['merge', earlier({ request: null, pullRequest: null, mergedAs: null }), `UU ${recordPath}\n`],
  ] as const) {
    const person = await merged(t, how, before)
    t.match(person.record(), { status: 'detached', mergedAs: null })
    const commit = await person.recorded()
    t.match(person.record(), { status: 'detached', mergedAs: person.mergedAs })
    t.equal(await person.recorded(), commit, 'a second time makes no second commit')
    const [subject, trailer] = ['Record the merge of sno1', `Sower-Run: ${run.request.key}`]
    t.equal(
      await person.git('log', '-1', '--format=%B'),
      `${subject}\n\n${person.mergedAs}\n\n${trailer}\n\n`,
    )
    t.equal(await person.git('diff', '--numstat', 'HEAD~1'), `1\t1\t${recordPath}\n`)
    const status = await person.revert()
    t.ok(status.includes(conflict), `${how}: ${status}`)
  }
})

t.test('a revert before that takes the record along, and no guard sees it', async t => {
  const person = await merged(t, 'merge')
  t.equal(await person.revert(), '')
  t.match(await person.generate(), { exitCode: 0, stdout: /clusterName: sno1/ })
})

t.test('a revert that waits in a pull request of its own conflicts, too', async t => {
  const { git, mergedAs, recorded } = await merged(t, 'merge')
  await git('switch', '--quiet', '--create', 'revert-7-ask')
  await git('revert', '--no-edit', '-m', '1', mergedAs)
  await git('switch', '--quiet', 'main')
  await recorded()
  await t.rejects(git('merge', '--quiet', '--no-edit', 'revert-7-ask'))
  t.equal(await git('diff', '--name-only', '--diff-filter=U'), `${recordPath}\n`)
})

t.test('what a person takes back by hand is refused until the record agrees', async t => {
  const person = await merged(t, 'merge')
  const commit = await person.recorded()
  t.match(await person.generate(), { exitCode: 0, stdout: /^(?![^]*sno1)[^]*clusterName: sno2/ })
  await person.git('checkout', '--quiet', `${person.mergedAs}^1`, '--', list)
  await person.git('commit', '--quiet', '--message', 'Take the edit back')
  t.match(await person.generate(), {
    ...{ exitCode: 3, stdout: '' },
    stderr: new RegExp(
      `^sower: seed-exclusive: ClusterInstance sno1/sno1 in site/a\\.yaml: its cluster sno1 is detached, as ${recordPath} says, .*; take it out again, or say \`sower reattach sno1 ${reinstall}\``,
    ),
  })
  const back = (await person.git('rev-parse', 'HEAD')).trim()

  await person.git('rm', '--quiet', recordPath)
  await person.git('commit', '--quiet', '--message', 'Take the record out, too')
  t.match(await person.generate(), { exitCode: 0, stderr: '', stdout: /clusterName: sno1/ })

  await person.git('reset', '--quiet', '--hard', commit)
  await person.git('revert', '--no-edit', commit)
  t.equal(await person.revert(), '', 'who takes back both has meant it')
  t.match(await person.generate(), { exitCode: 0, stderr: '', stdout: /clusterName: sno1/ })

  await person.git('reset', '--quiet', '--hard', back)
  const words = ['reattach', 'sno1', '--commit']
  t.match(await runInProcess(words, { cwd: person.top }), { exitCode: 3, stderr: /REATTACH_RISK/ })
  t.match(await runInProcess([...words, reinstall], { cwd: person.top }), { exitCode: 0 })
  t.match(person.record(), { status: 'reattached', mergedAs: person.mergedAs })
  t.match(await person.generate(), { exitCode: 0, stderr: '', stdout: /clusterName: sno1/ })
})
