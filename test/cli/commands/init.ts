import { Command } from 'commander'
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import t, { type Test } from 'tap'
import { parse, parseAllDocuments } from 'yaml'
import { kustomizeCli } from '../../../src/adapters/kustomize/kustomize-cli.ts'
import { initCommand } from '../../../src/cli/commands/init/init-command.ts'
import { registerInitCommand } from '../../../src/cli/commands/init/register-init-command.ts'
import { parseObject } from '../../../src/sandbox/kubernetes/requests/parse-object.ts'
import { asRunning, besideOverlay, type Installed } from '../../support/doctor/installed-objects.ts'
import { clusterInstance, listing } from '../../support/memory-tree.ts'
import { repositoryWith, stateOf, type Content } from '../../support/repository-with.ts'
import { runInProcess } from '../../support/run-in-process.ts'
import { home, kustomizePlaces } from '../../support/run-sower.ts'
import { startApi } from '../../support/sandbox/start-api.ts'
import { surroundings } from '../../support/surroundings.ts'

const application = (path: string): string => `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: ${path.replaceAll('/', '-')}, namespace: openshift-gitops }
spec:
  project: ztp
  source: { repoURL: 'https://github.com/o/n.git', targetRevision: main, path: ${path} }
  destination: { server: 'https://kubernetes.default.svc' }
`
/** Three layouts, and the seed of each. */
const layouts: Readonly<Record<string, Content>> = {
  'a flat list': {
    'site/kustomization.yaml': listing('a.yaml', 'b.yaml'),
    'site/a.yaml': clusterInstance('sno1'),
    'site/b.yaml': clusterInstance('sno2'),
  },
  'a directory for each cluster, and Applications': {
    'clusters/kustomization.yaml': listing('sno1', 'sno2'),
    'clusters/sno1/kustomization.yaml': listing('cluster.yaml'),
    'clusters/sno1/cluster.yaml': clusterInstance('sno1'),
    'clusters/sno2/kustomization.yaml': listing('cluster.yaml'),
    'clusters/sno2/cluster.yaml': clusterInstance('sno2'),
    'argocd/one.yaml': application('clusters/sno1'),
    'argocd/two.yaml': application('clusters/sno2'),
  },
  'an overlay of a base, beside another one': {
    'base/kustomization.yaml': listing('sno1.yaml'),
    'base/sno1.yaml': clusterInstance('sno1'),
    'overlay/kustomization.yaml': listing('../base', 'sno2.yaml'),
    'overlay/sno2.yaml': clusterInstance('sno2'),
    'policies/kustomization.yaml': listing('map.yaml'),
    'policies/map.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n',
  },
}
const roots: Readonly<Record<string, readonly string[]>> = {
  'a flat list': ['site'],
  'a directory for each cluster, and Applications': ['clusters/sno1', 'clusters/sno2'],
  'an overlay of a base, beside another one': ['overlay'],
}

type Repository = Awaited<ReturnType<typeof repositoryWith>>

/** Adds the bot to what is applied to the hub, and commits all of it. */
const addBot = async ({ top, git }: Repository): Promise<void> => {
  const listed = join(top, 'sower', 'kustomization.yaml')
  const bot = relative(join(top, 'sower'), join(home, 'manifests', 'bot'))
  const text = readFileSync(listed, 'utf8')
  writeFileSync(listed, text.replace('resources:', `resources:\n  - ${bot}`))
  await git('add', '--all')
  await git('commit', '--quiet', '--message', 'Use Sower')
}

/** Doctor's answer on a hub to which the repository's own manifests are applied, and what is beside it. */
const doctorOn = async (
  t: Test,
  { top }: Repository,
  spoil: (objects: readonly Installed[]) => readonly Installed[] = objects => objects,
): Promise<Awaited<ReturnType<typeof runInProcess>>> => {
  const { store, server } = await startApi(t)
  const applied = parseAllDocuments(
    await kustomizeCli(kustomizePlaces, { timeLimit: 60 }).build(join(top, 'sower')),
  ).map(document => document.toJS() as Installed)
  const kinds = [
    ...['CustomResourceDefinition', 'Deployment', 'ClusterRole', 'ClusterRoleBinding'],
    'Application',
  ]
  const config = parse(readFileSync(join(top, 'sower.yaml'), 'utf8')) as { roots: string[] }
  const [pattern] = besideOverlay(new Date()).filter(({ kind }) => kind === 'Application')
  const objects = [
    ...asRunning(applied.filter(({ kind }) => kinds.includes(kind))),
    ...besideOverlay(new Date()).filter(({ kind }) => kind !== 'Application'),
    ...config.roots.map((path, index) => ({
      ...pattern!,
      metadata: { name: `root-${index}`, namespace: 'openshift-gitops' },
      spec: { source: { path, plugin: { name: 'sower' } } },
    })),
  ]
  for (const object of spoil(objects)) store.create(parseObject(object))
  const kubeconfig = join(t.testdir(), 'hub')
  writeFileSync(kubeconfig, await server.kubeconfig('admin'))
  return runInProcess(['doctor', '-C', top, '--kubeconfig', kubeconfig])
}

const without = (kind: string, name: string) => (objects: readonly Installed[]) =>
  objects.filter(object => object.kind !== kind || object.metadata.name !== name)
const faults: readonly [string, ReturnType<typeof without>][] = [
  ['bot.files', without('Secret', 'sower-github')],
  ['hub.seed-rights', without('ClusterRole', 'sower-seeds')],
  ['argocd.roots', without('Application', 'root-0')],
]

for (const [index, [name, content]] of Object.entries(layouts).entries())
  t.test(`on ${name}, doctor finds nothing after init, and one fault by its name`, async t => {
    const repository = await repositoryWith(t, content)
    await repository.git('remote', 'add', 'origin', 'https://x:hunter2@github.com/o/n.git')
    const before = stateOf(repository.top)
    const words = ['init', '-C', repository.top, '--seed', 'sno1']
    const shown = await runInProcess(words)
    t.match(shown, { exitCode: 0, stdout: /Nothing is written\. Call it with --yes/ })
    t.match(shown.stdout, /^--- sower\.yaml: new\n# yaml-language-server/m)
    t.notMatch(`${shown.stdout}${shown.stderr}`, /hunter2/)
    t.strictSame(stateOf(repository.top), before)

    const written = await runInProcess([...words, '--yes'])
    t.match(written, { exitCode: 0, stdout: /^Wrote 8 files\./m })
    const after = stateOf(repository.top)
    for (const [path, bytes] of Object.entries(before)) t.equal(after[path], bytes, path)
    t.match(parse(after['sower.yaml'] ?? ''), { seeds: ['sno1'], roots: roots[name] })
    const again = await runInProcess([...words, '--yes'])
    t.match(again, { exitCode: 0, stdout: /Nothing is missing\.\n$/ })
    t.strictSame(stateOf(repository.top), after)

    await addBot(repository)
    const whole = await doctorOn(t, repository)
    t.match(whole, { exitCode: 0, stderr: '' }, `${whole.stdout}${whole.stderr}`)
    const [check, spoil] = faults[index]!
    const faulty = await doctorOn(t, repository, spoil)
    t.match(faulty, { exitCode: 3, stderr: new RegExp(`: ${check} \\[INSTALLATION_FAULTY\\]`) })
  })

t.test(
  'on the example init writes the rights alone; doctor then finds nothing, and a fault by its name',
  async t => {
    const repository = await repositoryWith(t, { 'a.md': '' })
    cpSync(join(home, 'examples', 'ztp'), repository.top, { recursive: true })
    const written = await runInProcess(['init', '-C', repository.top, '--yes', '-o', 'json'])
    t.match(written, { exitCode: 0, stderr: '' })
    const { files, isWritten } = JSON.parse(written.stdout) as {
      files: { path: string; state: string }[]
      isWritten: boolean
    }
    t.ok(isWritten)
    t.strictSame(
      files.filter(({ state }) => state === 'new').map(({ path }) => path),
      ['sower/kustomization.yaml', 'sower/seed-roles.yaml'],
    )
    await addBot(repository)
    const whole = await doctorOn(t, repository)
    t.match(whole, { exitCode: 0, stderr: '' }, `${whole.stdout}${whole.stderr}`)
    for (const [check, fault, named] of [
      ['argocd.roots', without('Application', 'root-1'), 'no Application renders clusters/site-b'],
      [
        'secret.sealed',
        without('SealedSecret', 'seedgen'),
        'the SealedSecret that sower.yaml names is not on the hub',
      ],
    ] as const) {
      const faulty = await doctorOn(t, repository, fault)
      t.match(faulty, { exitCode: 3, stderr: new RegExp(`: ${check} \\[INSTALLATION_FAULTY\\]`) })
      t.match(`${faulty.stdout}${faulty.stderr}`, named)
      t.equal(faulty.stdout.match(/^✗ /gm)?.length, 1, faulty.stdout)
    }
  },
)

t.test(
  'a person at the terminal is asked, and everything else than yes writes nothing',
  async t => {
    const { top } = await repositoryWith(t, layouts['a flat list']!)
    const options = {
      ...{ directory: '.', seeds: ['sno1'], image: null, branch: null, namespace: 'sower' },
      ...{ repoURL: 'git@github.com:o/n.git', isConfirmed: false, output: 'text' as const },
    }
    for (const [answer, isWritten] of [
      ['', false],
      ['no', false],
      ['Yes ', true],
    ] as const) {
      const asked: string[] = []
      const { given } = surroundings({
        directory: top,
        ask: async question => {
          asked.push(question)
          return answer
        },
      })
      await initCommand(given, options)
      t.match(asked, [/Write these files\?/])
      t.equal(existsSync(join(top, 'sower.yaml')), isWritten)
    }
  },
)

t.test('a link leads nowhere, and a wrong word says what is wrong', async t => {
  const { top } = await repositoryWith(t, layouts['a flat list']!)
  const outside = t.testdir({})
  symlinkSync(outside, join(top, 'sower'))
  const words = ['init', '-C', top, '--seed', 'sno1', '--repo-url', 'git@github.com:o/n.git']
  const linked = await runInProcess([...words, '--yes'])
  t.match(linked, { exitCode: 0, stdout: /sower\/seed-roles\.yaml lies behind a link/ })
  t.strictSame(stateOf(outside), {})
  mkdirSync(join(top, 'below'))
  cpSync(join(top, 'site'), join(top, 'below', 'site'), { recursive: true })
  const below = await runInProcess([...words, '-C', join(top, 'below')])
  t.match(below.stdout, /the bot reads sower\.yaml at the top of the repository/)
  for (const [more, reason] of [
    [['--seed', 'A_B'], /A_B is not a valid cluster name/],
    [['-n', 'a b'], /namespace a b is not a valid/],
    [['-o', 'wide'], /text, json or yaml/],
    [['-C', join(top, 'gone')], /is not a directory/],
  ] as const)
    t.match(await runInProcess([...words, ...more]), { exitCode: 2, stderr: reason })
  const env = { PATH: outside }
  t.match(await runInProcess(['init', '-C', top, '--seed', 'sno1'], { env }), {
    exitCode: 2,
    stderr:
      /reading the repository at .*: git cannot be run: there is no git on the PATH \[GIT_FAILED\]/,
  })
})

t.test('its flags are declared', t => {
  const program = new Command()
  registerInitCommand(program, surroundings().given)
  t.match(
    program.commands[0]?.options.map(({ long }) => long),
    ['--directory', '--seed', '--image', '--repo-url', '--branch', '--namespace', '--yes'],
  )
  t.end()
})
