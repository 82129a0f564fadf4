import '../../../src/cli/commands/doctor/doctor-command.ts'
import '../../../src/cli/commands/doctor/register-doctor-command.ts'
import '../../../src/cli/commands/doctor/settings-at-git-hub.ts'
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import { parse, parseAllDocuments } from 'yaml'
import { kustomizeCli } from '../../../src/adapters/kustomize/kustomize-cli.ts'
import { parseObject } from '../../../src/sandbox/kubernetes/requests/parse-object.ts'
import { asRunning, besideOverlay, type Installed } from '../../support/doctor/installed-objects.ts'
import { committerTo, gitHubWith } from '../../support/sandbox/git-hub-with.ts'
import { repositoryWith } from '../../support/repository-with.ts'
import { runInProcess } from '../../support/run-in-process.ts'
import { home, kustomizePlaces } from '../../support/run-sower.ts'
import { startApi } from '../../support/sandbox/start-api.ts'

t.test('doctor finds nothing on a hub with the overlay, and one fault by its name', async t => {
  const text = readFileSync(join(home, 'examples', 'ztp', 'sower.yaml'), 'utf8')
  const seeds = text.replace(/ {2}- target-\w+\n/g, '')
  const { top: directory } = await repositoryWith(t, { 'sower.yaml': seeds })
  const { store, server } = await startApi(t)
  const overlay = parseAllDocuments(
    await kustomizeCli(kustomizePlaces, { timeLimit: 60 }).build(
      join(home, 'manifests', 'overlays', 'example'),
    ),
  ).map(document => document.toJS() as Installed)
  const kinds = ['CustomResourceDefinition', 'Deployment', 'ClusterRole', 'ClusterRoleBinding']
  const running = asRunning(overlay.filter(({ kind }) => kinds.includes(kind)))
  for (const object of [...running, ...besideOverlay(new Date())]) store.create(parseObject(object))
  const kubeconfig = join(t.testdir(), 'hub')
  writeFileSync(kubeconfig, await server.kubeconfig('admin'))
  const words = ['doctor', '-C', directory]
  const doctor = (...more: readonly string[]) =>
    runInProcess([...words, '--kubeconfig', kubeconfig, ...more])

  const whole = await doctor()
  t.match(whole, { exitCode: 0, stderr: '' }, `${whole.stdout}${whole.stderr}`)
  t.match(whole.stdout, /^✓ argocd\.sidecar: /m)
  t.notMatch(whole.stdout, /Y2FuYXJ5|canary/)

  const key = {
    ...{ apiVersion: 'apps/v1', kind: 'Deployment' },
    ...{ name: 'openshift-gitops-repo-server', namespace: 'openshift-gitops' },
  }
  const repoServer = store.get(key)!
  const spec = JSON.stringify(repoServer['spec']).replace('{"name":"plugins"}', '{"name":"x"}')
  store.replace({ ...repoServer, spec: JSON.parse(spec) as unknown })
  const faulty = await doctor('-o', 'json')
  t.match(faulty, { exitCode: 3, stderr: /argocd\.sidecar \[INSTALLATION_FAULTY\]/ })
  t.match(
    (JSON.parse(faulty.stdout) as { checks: { status: string }[] }).checks.filter(
      ({ status }) => status !== 'pass',
    ),
    [
      { id: 'argocd.sidecar', reason: /has no volume at \/home\/argocd\/cmp-server\/plugins/ },
      { id: 'github.permissions', status: 'not-asked' },
    ],
  )
  const inYaml = await doctor('-o', 'yaml')
  t.strictSame(parse(inYaml.stdout), JSON.parse(faulty.stdout))

  store.replace({ ...store.get(key)!, spec: repoServer['spec'] })
  const gitHub = await gitHubWith(t, { rita: 'read' })
  const push = await committerTo(t, gitHub)
  await push('main', 'a: 1\n')
  const atGitHub = async (token: string) => {
    const file = join(dirname(kubeconfig), 'token')
    writeFileSync(file, `${token}\n`)
    const words = ['--repository', 'acme/ztp', '--api-url', gitHub.url, '--token-file', file]
    return doctor(...words)
  }
  t.match(
    await atGitHub('bot-token'),
    {
      exitCode: 0,
      stdout: /^✓ github\.permissions: [^]*^\? github\.webhook: [^]*^! github\.check-required: /m,
    },
    'only warnings',
  )
  const reader = await atGitHub('rita-token')
  t.match(reader, { exitCode: 3, stdout: /^✗ github\.permissions: .* may not push/m })
  t.match(await atGitHub('nobodys-token'), {
    ...{ exitCode: 75, stdout: /^\? github\.permissions: .*\n +name a token/m },
  })
  t.notMatch(JSON.stringify(reader), /rita-token/)
  store.remove({ apiVersion: 'apps/v1', kind: 'Deployment', name: 'sower', namespace: 'sower' })
  t.match(await doctor(), { exitCode: 3, stderr: /bot\.deployment/ }, 'no bot is there')
  const [cronJob] = parseAllDocuments(
    readFileSync(join(home, 'manifests', 'components', 'once', 'cron-job.yaml'), 'utf8'),
  ).map(document => document.toJS() as Installed)
  const lastSuccessfulTime = new Date().toISOString()
  store.create(parseObject({ ...cronJob, status: { lastSuccessfulTime } }))
  const rounds = await doctor()
  t.match(rounds, { exitCode: 0 }, `${rounds.stdout}${rounds.stderr}`)

  writeFileSync(kubeconfig, await server.kubeconfig('stranger'))
  const stranger = await doctor()
  t.match(stranger, { exitCode: 75, stderr: /INSTALLATION_FAULTY/, stdout: /\? bot\.acts: .*forb/ })
  t.match(await doctor('-o', 'wide'), { exitCode: 2, stderr: /text, json or yaml/ })
  t.match(await runInProcess(words), { exitCode: 2, stderr: /no hub is named/ })
  const { top: bare } = await repositoryWith(t, { 'a.yaml': '' })
  t.match(await runInProcess(['doctor', '-C', bare, '--kubeconfig', kubeconfig]), {
    ...{ exitCode: 2, stderr: /CONFIGURATION_MISSING/ },
  })
})
