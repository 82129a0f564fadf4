import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { keptByBot } from '../../../src/cli/commands/status/kept-by-bot.ts'
import { statusCommand } from '../../../src/cli/commands/status/status-command.ts'
import { fileInbox } from '../../../src/adapters/files/file-inbox.ts'
import { describeSeed } from '../../../src/cli/commands/status/describe-seed.ts'
import { hubAnswers, unanswered } from '../../../src/cli/commands/status/hub-answers.ts'
import { fileRunStore } from '../../../src/adapters/files/file-run-store.ts'
import { readConfiguration } from '../../../src/core/settings/configuration.ts'
import { absent, present, unknown } from '../../../src/core/seen.ts'
import { trackSecret } from '../../../src/core/secret/track-secret.ts'
import { observeSecret } from '../../../src/operations/observe/observe-secret.ts'
import { completedRecord } from '../../support/completed-record.ts'
import { directoryWith } from '../../support/directory-with.ts'
import { fakeCluster } from '../../support/fake-cluster.ts'
import { clusterInstance, listing, memoryTree } from '../../support/memory-tree.ts'
import { gitIn, isOneMessage, runSower } from '../../support/run-sower.ts'
import { createRedactor } from '../../../src/redact/redactor.ts'
import { repositoryWith } from '../../support/repository-with.ts'
import { surroundings } from '../../support/surroundings.ts'
import { aRun, blockedBy } from '../../support/run/run-scene.ts'
import { image, key, manifest } from '../../support/secret/sealed-scene.ts'
import { startHub } from '../../support/secret/sealing-hub.ts'
import { runInProcess } from '../../support/run-in-process.ts'

const configuration = `apiVersion: sower.dev/v1alpha1
kind: Configuration
seeds: [sno1, sno2]
roots: [site]
`
const config = readConfiguration(configuration, () => [])
const file = 'seed-secret/sealedsecret.yaml'
const newer = manifest({ sealedAt: '2026-11-21T10:00:00.000Z' })

const looking = {
  config,
  tree: memoryTree({ [file]: manifest() }),
  base: '',
  image: image.text,
  run: null,
  onSeed: absent,
  usedAt: null,
}

t.test('without a hub the file in Git is all that is known', async t => {
  const observed = await observeSecret(null, looking)
  t.match(observed, {
    inGit: present({ sealedAt: '2026-11-20T10:00:00.000Z' }),
    generation: 'none',
  })
  t.equal(trackSecret(observed).state, 'Sealed')
  for (const [what, content] of [
    ['a plain Secret', 'apiVersion: v1\nkind: Secret\nmetadata: {name: seedgen}\n'],
    ['nothing', ''],
  ] as const) {
    const tree = memoryTree({ [file]: content })
    t.strictSame((await observeSecret(null, { ...looking, tree })).inGit, absent, what)
  }
  const forged = manifest()
    .replace('2026-11-20T10', '2030-01-01T10')
    .replace(/[0-9a-f]{64}/, 'a'.repeat(64))
  const tree = memoryTree({ [file]: forged })
  t.strictSame(
    (await observeSecret(null, { ...looking, tree })).inGit,
    present({ sealedAt: null }),
    'a note whose digest is of another value does not count',
  )
})

t.test('a run says whether the Lifecycle Agent has the credential', async t => {
  for (const [phase, generation] of [
    ['Proposed', 'none'],
    ['Delivering', 'none'],
    ['Generating', 'under way'],
    ['Verifying', 'over'],
    ['CleaningUp', 'over'],
    ['Completed', 'none'],
  ] as const)
    t.equal(
      (await observeSecret(null, { ...looking, run: { phase } })).generation,
      generation,
      phase,
    )
})

t.test('a hub that has nothing, and one that does not answer, are two things', async t => {
  const concealed: string[] = []
  const reading = (port: ReturnType<typeof fakeCluster>['port']) => ({
    ports: { hub: port, conceal: (secret: string) => concealed.push(secret) },
    now: () => new Date(),
  })
  const { port } = fakeCluster()
  t.strictSame((await observeSecret(reading(port), looking)).onHub, absent)
  const silent = { ...port, read: async () => unknown('timeout') }
  t.strictSame((await observeSecret(reading(silent), looking)).onHub, unknown('timeout'))
})

t.test('status tells of each seed, from Git alone and with the hub', async t => {
  const directory = directoryWith(t, {
    'repository/sower.yaml': configuration,
    'repository/site/kustomization.yaml': `${listing('sno1.yaml')}#- sno2.yaml\n`,
    'repository/site/sno1.yaml': clusterInstance('sno1'),
    'repository/site/sno2.yaml': clusterInstance('sno2'),
    [`repository/${file}`]: manifest(),
    'repository/seeds/sno2/record.yaml': completedRecord('sno2', '2026-11-20T12:00:00.000Z'),
  })
  const repository = join(directory, 'repository')
  const git = gitIn(repository)
  await git('init', '--quiet', '--initial-branch=main')
  await git('add', '.')
  await git('commit', '--quiet', '-m', 'all')

  const { stdout, exitCode } = await runSower(['status', '-C', repository])
  t.equal(exitCode, 0)
  t.match(stdout, /^sno1\n {2}cluster {5}listed at site\/kustomization.yaml:2\n/)
  t.match(stdout, /sno2\n {2}cluster {5}commented out at site\/kustomization.yaml:3\n/)
  t.match(stdout, / {2}record {6}completed at 2026-11-20T12:00:00.000Z, sha256:a{64}\n/)
  t.match(stdout, /credential {2}RotationDue: rotate the push credential/, 'for every seed')

  const wide = await runInProcess(['status', 'sno1', '-C', repository, '-o', 'wide'])
  t.match(wide.stdout, /^ {2}hub {9}not asked: name it with --kubeconfig$/m)

  writeFileSync(join(repository, file), newer)
  await git('commit', '--quiet', '-am', 'seal again')
  const hub = await startHub(t, [key.privateKey])
  const kubeconfig = join(directory, 'kubeconfig')
  writeFileSync(kubeconfig, await hub.kubeconfig('admin'))
  const state = async (...words: readonly string[]): Promise<unknown> => {
    const asked = await runInProcess(['status', 'sno2', '-C', repository, '--json', ...words])
    return (JSON.parse(asked.stdout) as { seeds: { secret: unknown }[] }).seeds[0]?.secret
  }
  t.match(await state(), { state: 'Sealed' }, 'what is newer ends the reminder')
  t.match(await state('--kubeconfig', kubeconfig), { state: 'Sealed' }, 'not synced yet')
  await hub.apply(newer)
  t.match(await state('--kubeconfig', kubeconfig), { state: 'Verified' })
  const said = ['status', 'sno2', '-C', repository, '--kubeconfig', kubeconfig, '-o', 'wide']
  t.match((await runInProcess(said)).stdout, /^ {2}hub {9}SealedSecret present, Secret present$/m)

  const forbidden = join(directory, 'forbidden')
  writeFileSync(forbidden, await hub.kubeconfig('nobody'))
  const silent = join(directory, 'silent')
  writeFileSync(
    silent,
    (await hub.kubeconfig('admin')).replace(/(server: https:\/\/[^:]+):\d+/, '$1:1'),
  )
  for (const [file, why] of [
    [forbidden, 'forbidden'],
    [silent, 'unreachable'],
  ] as const) {
    const words = ['status', '-C', repository, '--kubeconfig', file]
    const text = await runInProcess(words)
    t.equal(text.exitCode, 75, why)
    t.equal(
      text.stdout.match(
        /^ {2}credential {2}unknown: asking the hub for SealedSecret .+: no answer/gm,
      )?.length,
      2,
      'each row says so',
    )
    t.match(text.stderr, new RegExp(`no answer \\(${why}\\) \\[CLUSTER_UNAVAILABLE\\]`))
    const { stdout } = await runInProcess([...words, '--json'])
    t.match(JSON.parse(stdout), {
      seeds: [
        {
          secret: { state: 'unknown' },
          hub: { sealedSecret: { seen: 'unknown', why }, secret: null },
        },
        {},
      ],
    })
  }
})

t.test(
  'status and plan say the same of a name that nothing knows, and of an edit that is not committed',
  async t => {
    const { top } = await repositoryWith(t, {
      'sower.yaml': configuration,
      'site/kustomization.yaml': listing('sno1.yaml', 'sno2.yaml'),
      'site/sno1.yaml': clusterInstance('sno1'),
      'site/sno2.yaml': clusterInstance('sno2'),
    })
    const run = (...words: readonly string[]) => runInProcess([...words, '-C', top])
    const nope = await run('status', 'nope')
    isOneMessage(t, nope, {
      ...{ exitCode: 3, code: 'CLUSTER_NOT_FOUND' },
      says: /looking for cluster nope: no ClusterInstance or SiteConfig/,
    })
    t.equal((await run('plan', 'nope')).stderr, nope.stderr)
    t.equal((await run('detach', 'sno1')).exitCode, 0)
    const says = 'the work tree holds the edit already; it is not committed yet'
    t.match((await run('plan', 'sno1')).stdout, says)
    t.match((await run('status', 'sno1')).stdout, `listed at site/kustomization.yaml:2`)
    t.match((await run('status', 'sno1')).stdout, `  warning     ${says}\n`)
    t.match(JSON.parse((await run('status', 'sno2', '--json')).stdout), {
      seeds: [
        {
          warnings: ['site/kustomization.yaml has uncommitted changes, which are not looked at'],
          hub: null,
        },
      ],
    })
  },
)

t.test('an answer that the hub owes is told with what to do', t => {
  const value = { sealedAt: null, isUnsealed: true }
  const asked = (checked: Parameters<typeof hubAnswers>[0]['checked']) =>
    hubAnswers({ onHub: present(value), checked }, { image: image.text })
  t.equal(unanswered(null, config), null)
  t.equal(unanswered(asked(absent), config), null)
  for (const [why, fix] of [
    ['forbidden', /let the user of the kubeconfig read the Secret/],
    ['not-served', /name the kubeconfig of the hub/],
    ['timeout', /ask again/],
  ] as const)
    t.match(unanswered(asked(unknown(why)), config), {
      code: 'CLUSTER_UNAVAILABLE',
      exitCode: 75,
      fix,
    })
  const record = {
    status: 'completed',
    ...{ image: 'quay.io/a/b:1', digest: 'sha256:a', finishedAt: null },
    seedImageRef: { image: 'quay.io/a/b@sha256:a', version: '4.18.5' },
  } as const
  const now = '2026-11-22T12:05:00.000Z'
  const shown = { cluster: 'sno1', listed: null, commentedOut: [], run: null, hub: null }
  const kept = { ...shown, accessSince: null }
  t.match(
    describeSeed(
      { ...kept, record, secret: { state: 'unknown', fix: 'ask again' }, warnings: [] },
      now,
    ),
    /^ {2}image {7}quay\.io\/a\/b@sha256:a, OpenShift 4\.18\.5$/m,
  )
  t.match(
    describeSeed(
      {
        ...{ ...shown, accessSince: '2026-11-22T10:00:00.000Z', record: null },
        secret: { state: 'unknown', fix: 'ask again' },
        warnings: ['careful'],
      },
      now,
    ),
    / {2}access {6}kept on the hub since 2026-11-22T10:00:00.000Z \(2h 5m\): `sower forget sno1` deletes it/,
  )
  t.match(
    describeSeed(
      {
        ...{ ...kept, record: null, secret: { state: 'unknown', fix: 'ask again' } },
        warnings: ['careful'],
      },
      now,
    ),
    / {2}cluster {5}in no list\n {2}credential {2}unknown: ask again\n {2}warning {5}careful\n/,
  )
  t.end()
})

t.test('status says what it cannot read', async t => {
  const directory = directoryWith(t, { 'a/b.yaml': 'a: 1\n' })
  const git = gitIn(directory)
  await git('init', '--quiet')
  await git('add', '.')
  await git('commit', '--quiet', '-m', 'all')
  const fails = async (words: readonly string[], code: string, says: RegExp): Promise<void> => {
    isOneMessage(t, await runInProcess(['status', ...words], { cwd: directory }), {
      exitCode: 2,
      code,
      says,
    })
  }
  await fails([], 'CONFIGURATION_MISSING', /sower\.yaml/)
  writeFileSync(join(directory, 'sower.yaml'), configuration)
  await git('add', '.')
  await git('commit', '--quiet', '-m', 'configuration')
  await fails(['sno1', 'A b'], 'ARGUMENT_INVALID', /not a valid cluster name/)
  await fails(['--kubeconfig', 'nowhere'], 'FILE_UNREADABLE', /nowhere/)
  await fails(['--data', 'nowhere'], 'FILE_UNREADABLE', /nowhere: it holds no runs/)
})

t.test('a run that the bot keeps is told of, with what blocks it', async t => {
  const { top } = await repositoryWith(t, {
    'sower.yaml': configuration,
    'site/kustomization.yaml': 'resources: []\n',
  })
  const event = { kind: 'wake', key: '#7/x', pullRequest: 7, sender: 'ann' }
  const files = { 'runs/.keep': '', 'inbox/aside/x.json': JSON.stringify(event) }
  const data = directoryWith(t, files)
  const run = aRun('Proposed', { blocked: blockedBy('PREFLIGHT_FAILED') })
  await fileRunStore(join(data, 'runs')).create(run)
  const asked = {
    clusters: ['sno1'],
    directory: '.',
    kubeconfig: null,
    data,
    output: 'json' as const,
  }
  const json = surroundings({ directory: top })
  await statusCommand(json.given, asked, createRedactor())
  t.match(JSON.parse(json.said.stdout), {
    kind: 'Status',
    seeds: [{ cluster: 'sno1', listed: null, run: { phase: 'Proposed', blocked: run.blocked } }],
    setAside: [{ event: '#7/x', pullRequest: 7, by: 'ann' }],
  })
  t.strictSame((JSON.parse(json.said.stdout) as { waiting: unknown }).waiting, [])
  const inbox = fileInbox(join(data, 'inbox'))
  const order = { kind: 'label', key: 'l', pullRequest: 7, sender: 'ada', headSha: 'a' } as const
  const retryAt = '2026-11-22T10:00:00Z'
  inbox.put(order)
  inbox.put({ ...order, key: 'new' })
  const reason = `reading #7: a rate limit; next try at ${retryAt}`
  inbox.postpone(order, { at: retryAt, reason })
  const waiting = surroundings({ directory: top })
  await statusCommand(waiting.given, asked, createRedactor())
  t.match(JSON.parse(waiting.said.stdout), {
    waiting: [{ pullRequest: 7, by: 'ada', reason, retryAt }],
  })
  const { given } = surroundings({ directory: top })
  t.match(await keptByBot(given, data), { waiting: [{ reason }], setAside: [{ by: 'ann' }] })
  t.match(await keptByBot(given, null), { waiting: [], setAside: [], runs: new Map() })
  const text = surroundings({ directory: top })
  await statusCommand(text.given, { ...asked, output: 'text' as const }, createRedactor())
  t.match(text.said.stdout, /^ {2}run {9}Proposed, blocked: .+ \(.+\)$/m)
  t.match(text.said.stdout, /^set aside: #7\/x by ann, at which the bot ended twice$/m)
  t.match(text.said.stdout, `\nwaiting: what ada asked for on #7: ${reason}\n`)
  const since = '2026-11-22T09:00:00.000Z'
  const failed = aRun('Failed', { facts: { accessSince: since } })
  const over = directoryWith(t, { 'runs/.keep': '' })
  await fileRunStore(join(over, 'runs')).create(failed)
  const later = surroundings({ directory: top })
  await statusCommand(
    later.given,
    { ...asked, data: over, output: 'text' as const },
    createRedactor(),
  )
  t.match(later.said.stdout, `\n  access      kept on the hub since ${since} (`)
  const wrong = { ...asked, clusters: ['../sno1'] }
  await t.rejects(statusCommand(text.given, wrong, createRedactor()), { code: 'ARGUMENT_INVALID' })
})
