import '../../../src/cli/commands/promote/register-promote-command.ts'
import '../../../src/cli/commands/promote/promote-command.ts'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { startGitHub } from '../../../src/sandbox/github/start-github.ts'
import { repositoryWith } from '../../support/repository-with.ts'
import { runInProcess } from '../../support/run-in-process.ts'
import { shell, temporaryDirectory } from '../../support/run-sower.ts'
import { tlsFront } from '../../support/sandbox/tls-front.ts'
import { startHub } from '../../support/secret/sealing-hub.ts'

const image = `quay.io/ibu/sno1@sha256:${'a'.repeat(64)}`
const settings = `apiVersion: sower.dev/v1alpha1
kind: Configuration
seeds: [sno1]
roots: [site]
promote:
  - file: upgrades/ibu.yaml
`
const record = `apiVersion: sower.dev/v1alpha2
kind: SeedRecord
cluster: sno1
image: quay.io/ibu/sno1:4.18.5
status: completed
request: abc
pullRequest: 7
mergedAs: null
detached: null
digest: sha256:${'a'.repeat(64)}
finishedAt: '2026-11-30T00:00:00.000Z'
seedImageRef: { image: '${image}', version: 4.18.5 }
`
const upgrade = (named: string, version: string, stage = 'Idle'): string =>
  `apiVersion: lca.openshift.io/v1
kind: ImageBasedUpgrade
metadata: {name: upgrade}   # one a target
spec:
  stage:  ${stage}
  seedImageRef:
    version: "${version}"
    image: '${named}'  # by its digest
  extraManifests: []
`
const files = {
  'sower.yaml': settings,
  'seeds/sno1/record.yaml': record,
  'site/kustomization.yaml': 'resources: []\n',
  'upgrades/kustomization.yaml': 'namePrefix: site-a-\nresources:\n- ibu.yaml\n',
  'upgrades/ibu.yaml': upgrade('quay.io/ibu/sno1:4.17.1', '4.17.1'),
}

t.test('promotes a proven image by a pull request, and never by a push', async t => {
  const cwd = temporaryDirectory(t)
  const hub = await startHub(t, [])
  const server = await startGitHub({
    directory: join(cwd, 'github'),
    repository: 'example/ztp',
    accounts: [{ login: 'ada', type: 'User', token: 'token-of-ada', permission: 'write' }],
    tell: () => undefined,
  })
  t.teardown(server.close)
  const front = await tlsFront(t, server.url)
  writeFileSync(join(cwd, 'ca.pem'), front.authority)
  const { git, write } = await repositoryWith(t, files)
  const pushMain = (): Promise<string> =>
    git('push', '--quiet', '--force', server.bareRepository, 'main')
  await pushMain()
  writeFileSync(join(cwd, 'token'), 'token-of-ada\n')
  writeFileSync(join(cwd, 'hub'), await hub.kubeconfig('admin'))
  writeFileSync(join(cwd, 'nobody'), await hub.kubeconfig('nobody'))
  const env = {
    ...shell(),
    ...{ SOWER_REPOSITORY: 'example/ztp', SOWER_TOKEN_FILE: 'token', SOWER_API_URL: server.url },
    SOWER_GIT_URL: server.gitUrl,
  }
  const promote = (...words: readonly string[]) => runInProcess(['promote', ...words], { cwd, env })
  const refs = (): Promise<string> => git('ls-remote', server.bareRepository, 'refs/heads/*')
  const before = await refs()

  t.match(await promote('sno1'), { exitCode: 2, stderr: /reading --kubeconfig: no hub is named/ })
  const upgrades = { group: 'lcm.openshift.io', plural: 'imagebasedgroupupgrades' }
  hub.store.create({
    ...{ apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' },
    metadata: { name: `${upgrades.plural}.${upgrades.group}` },
    spec: {
      group: upgrades.group,
      names: { kind: 'ImageBasedGroupUpgrade', plural: upgrades.plural },
      scope: 'Namespaced',
      versions: [{ name: 'v1alpha1', served: true, storage: true }],
    },
  })
  const running = {
    ...{ apiVersion: 'lcm.openshift.io/v1alpha1', kind: 'ImageBasedGroupUpgrade' },
    metadata: { name: 'october', namespace: 'default' },
  }
  hub.store.create(running)
  t.match(await promote('sno1', '--kubeconfig', 'nobody'), {
    exitCode: 3,
    stderr: /READ_FORBIDDEN/,
  })
  t.match(await promote('sno1', '--kubeconfig', 'hub'), {
    ...{ exitCode: 3, stderr: /under way: default\/october \[UPGRADE_UNDER_WAY\]/ },
  })
  t.equal(await refs(), before, 'nothing was pushed')
  hub.store.remove({
    ...{ apiVersion: running.apiVersion, kind: running.kind },
    ...{ name: 'october', namespace: 'default' },
  })

  const promoted = await promote('sno1', '--kubeconfig', 'hub')
  t.match(promoted, { exitCode: 0, stderr: '' })
  t.match(promoted.stdout, /^promotes quay\.io\/ibu\/sno1@sha256:a+ of OpenShift 4\.18\.5: #1 http/)
  t.match(await promote('sno1', '--kubeconfig', 'hub'), {
    ...{ exitCode: 0, stdout: /^the promotion of .* is open already: #1 / },
  })
  t.match(JSON.parse((await promote('sno1', '--kubeconfig', 'hub', '-o', 'json')).stdout), {
    ...{ kind: 'Promotion', cluster: 'sno1', isNew: false, diff: /^diff --git/ },
    ...{ seedImageRef: { image, version: '4.18.5' }, pullRequest: { number: 1 } },
  })
  const atFront = [
    '--api-url',
    front.url,
    '--git-url',
    server.gitUrl.replace(server.url, front.url),
  ]
  t.match(await promote('sno1', '--kubeconfig', 'hub', ...atFront), {
    ...{ exitCode: 75, stderr: /GIT_FAILED\][^]*with --ca-file/ },
  })
  t.match(await promote('sno1', '--kubeconfig', 'hub', ...atFront, '--ca-file', 'token'), {
    ...{ exitCode: 2, stderr: /reading token: there is no certificate in it/ },
  })
  t.match(await promote('sno1', '--kubeconfig', 'hub', ...atFront, '--ca-file', 'ca.pem'), {
    ...{ exitCode: 0, stdout: /^the promotion of .* is open already: #1 / },
  })
  const [, branch = ''] = /refs\/heads\/(promote-sno1-\S+)/.exec(await refs()) ?? []
  t.equal((await refs()).replace(/.*promote-sno1.*\n/, ''), before, 'main stays where it is')
  await git('fetch', '--quiet', server.bareRepository, branch)
  t.equal(await git('show', 'FETCH_HEAD:upgrades/ibu.yaml'), upgrade(image, '4.18.5'))
  const changed = await git('diff', '--stat', '--name-only', 'main', 'FETCH_HEAD')
  t.equal(changed.trim(), 'upgrades/ibu.yaml')

  await write({ 'upgrades/ibu.yaml': upgrade(image, '4.18.5') }, 'merged')
  await pushMain()
  t.match(await promote('sno1'), { exitCode: 0, stdout: /^all manifests name .* already\n$/ })
  t.match(
    (await promote('sno1', '-o', 'yaml')).stdout,
    /^pullRequest: null\nisNew: false\ndiff: ""$/m,
  )
  await write({ 'upgrades/ibu.yaml': upgrade('a/b:1', '4.17.1', 'Prep') }, 'under way')
  await pushMain()
  t.match(await promote('sno1', '--kubeconfig', 'hub'), {
    ...{ exitCode: 3, stderr: /says spec\.stage: Prep \[UPGRADE_UNDER_WAY\]/ },
  })
})

t.test('without a token it prints the difference, below the directory of sower.yaml', async t => {
  const hub = await startHub(t, [])
  const { top, write } = await repositoryWith(
    t,
    Object.fromEntries(Object.entries(files).map(([path, text]) => [`ztp/${path}`, text])),
  )
  const cwd = join(top, 'ztp')
  const kubeconfig = join(temporaryDirectory(t), 'hub')
  writeFileSync(kubeconfig, await hub.kubeconfig('admin'))
  const promote = (...words: readonly string[]) => runInProcess(['promote', ...words], { cwd })
  const { exitCode, stdout } = await promote('sno1', '--kubeconfig', kubeconfig)
  t.equal(exitCode, 0)
  t.match(stdout, /nothing was pushed\.\n.*pull request against main:\n/)
  t.match(stdout, /^- {4}version: "4\.17\.1"$/m)
  t.match(stdout, `+    image: '${image}'  # by its digest`)
  t.match(await promote('sno9'), { exitCode: 3, stderr: /NOT_A_SEED/ })
  t.match(await promote('SNO1'), { exitCode: 2, stderr: /not a valid cluster name/ })
  await write(
    {
      'ztp/sower.yaml': settings.replace('promote:', 'promote: []\n#').replace(/ {2}- file.*/, ''),
    },
    'none',
  )
  t.match(await promote('sno1'), { exitCode: 3, stderr: /CONFIGURATION_MISSING/ })
})
