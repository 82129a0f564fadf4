import '../../../src/cli/commands/request/register-request-command.ts'
import '../../../src/cli/commands/request/request-command.ts'
import '../../../src/cli/commands/request/seal-for-request.ts'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { whyForeign } from '../../../src/core/secret/sealed/why-foreign.ts'
import { parseImageReference } from '../../../src/core/seedgen/image-reference.ts'
import { createAuthority } from '../../../src/sandbox/kubernetes/authority.ts'
import { startGitHub } from '../../../src/sandbox/github/start-github.ts'
import { startRegistry } from '../../../src/sandbox/registry/start-registry.ts'
import { createSealingKey } from '../../../src/sandbox/sealed-secrets/sealing-key.ts'
import { repositoryWith } from '../../support/repository-with.ts'
import { runInProcess } from '../../support/run-in-process.ts'
import { shell, temporaryDirectory } from '../../support/run-sower.ts'

const settings = `apiVersion: sower.dev/v1alpha1
kind: Configuration
seeds: [sno1]
roots: [site]
image: registry.example.com/ibu/{cluster}:4.18.5
`
const password = 'canary-of-the-registry'
const authfile = (host: string, secret = password): string =>
  JSON.stringify({
    auths: { [host]: { auth: Buffer.from(`robot:${secret}`).toString('base64') } },
  })

t.test('asks for a seed image on GitHub, with the sealed credential, once', async t => {
  const cwd = temporaryDirectory(t)
  const [server, registry, { certificate }] = await Promise.all([
    startGitHub({
      directory: join(cwd, 'github'),
      repository: 'example/ztp',
      accounts: [{ login: 'ada', type: 'User', token: 'token-of-ada', permission: 'write' }],
      tell: () => undefined,
    }),
    startRegistry({
      authority: await createAuthority({ name: 'registry' }),
      accounts: [
        { username: 'robot', password, push: true },
        { username: 'robot', password: 'may only pull', push: false },
      ],
      tell: () => undefined,
    }),
    createSealingKey(),
  ])
  t.teardown(server.close)
  t.teardown(registry.close)
  const { git, top } = await repositoryWith(t, {
    'sower.yaml': settings,
    'site/kustomization.yaml': 'resources: []\n',
  })
  await git('push', '--quiet', '--force', server.bareRepository, 'main')
  for (const [name, text] of [
    ['token', 'token-of-ada\n'],
    ['auth.json', authfile(registry.host)],
    ['weak.json', authfile(registry.host, 'may only pull')],
    ['cert.pem', certificate],
    ['ca.pem', registry.certificateAuthority],
  ] as const)
    writeFileSync(join(cwd, name), text)
  const image = `${registry.host}/ibu/sno1:4.18.5`
  const env = {
    ...shell(),
    ...{ SOWER_REPOSITORY: 'example/ztp', SOWER_TOKEN_FILE: 'token', SOWER_API_URL: server.url },
    ...{ SOWER_GIT_URL: server.gitUrl, SOWER_REGISTRY_CA: 'ca.pem' },
  }
  const request = (...words: readonly string[]) => runInProcess(['request', ...words], { cwd, env })
  const sealing = ['--image', image, '--cert', 'cert.pem']
  t.match(await request('sno9'), { exitCode: 3, stderr: /NOT_A_SEED/ })
  t.match(await request('sno1', '--image', image, '--authfile', 'auth.json'), {
    ...{ exitCode: 2, stderr: /reading --cert/ },
  })
  t.match(await request('sno1', ...sealing, '--authfile', 'weak.json'), {
    ...{ exitCode: 3, stderr: /PUSH_DENIED/ },
  })
  t.equal((await git('ls-remote', server.bareRepository)).includes('seed-sno1'), false)

  const asked = await request('sno1', ...sealing, '--authfile', 'auth.json')
  t.match(asked, { exitCode: 0, stdout: /^asked for .*sno1:4\.18\.5: #1 http/, stderr: '' })
  t.match(await request('sno1'), {
    ...{ exitCode: 0, stdout: /^the request for sno1 is open already: #1 / },
  })
  t.match(JSON.parse((await request('sno1', '-o', 'json')).stdout), {
    ...{ kind: 'RequestReport', cluster: 'sno1', image: null, isNew: false, files: [] },
    pullRequest: { number: 1, url: /^http/ },
  })
  const refs = await git('ls-remote', server.bareRepository, 'refs/heads/seed-sno1-*')
  const [, branch = ''] = /refs\/heads\/(\S+)/.exec(refs) ?? []
  await git('fetch', '--quiet', server.bareRepository, branch)
  t.match(await git('show', 'FETCH_HEAD:seeds/sno1/request.yaml'), `image: ${image}\n`)
  const sealed = await git('show', 'FETCH_HEAD:seed-secret/sealedsecret.yaml')
  const place = { namespace: 'sower-seeds', name: 'seedgen' }
  const now = new Date().toISOString()
  t.equal(whyForeign(sealed, { place, image: parseImageReference(image), now }), null)
  const answers = server.requests.map(({ method, path }) => `${method} ${path}`)
  t.match(answers.join('\n'), /POST .*\/pulls\nPOST .*\/issues\/1\/labels/)
  const secrets = [password, Buffer.from(`robot:${password}`).toString('base64'), 'token-of-ada']
  for (const secret of secrets) t.notMatch(`${asked.stdout}${asked.stderr}${sealed}`, secret)

  await registry.close()
  rmSync(join(cwd, 'token'))
  t.match(await request('sno1'), { exitCode: 2, stderr: /FILE_UNREADABLE/ })
  t.equal((await git('status', '--porcelain')).trim(), '', 'the clone is left alone')
  t.ok(top)
})

t.test('without a token it prints what to commit, and which image it needs', async t => {
  const { top: cwd, write } = await repositoryWith(t, { 'sower.yaml': settings })
  const request = (...words: readonly string[]) => runInProcess(['request', ...words], { cwd })
  const { exitCode, stdout } = await request('sno1')
  t.equal(exitCode, 0)
  t.match(stdout, /nothing was pushed\.\n.*against main,\n.*label `seed`/)
  t.match(JSON.parse((await request('sno1', '-o', 'json')).stdout), {
    ...{ image: 'registry.example.com/ibu/sno1:4.18.5', pullRequest: null },
    files: [{ path: 'seeds/sno1/request.yaml', content: /^/ }],
  })
  t.match(stdout, /--- seeds\/sno1\/request\.yaml\n.*\nkind: SeedRequest\n.*\n.*sno1:4\.18\.5\n$/)
  t.match(await request('sno1', '--adopt'), {
    ...{ exitCode: 0, stdout: /^adopt: true$[^]*sower access save .* FILE sno1$/m },
  })
  t.match(await request('SNO1'), { exitCode: 2, stderr: /not a valid cluster name/ })
  t.match(await request('sno1', '--image', 'x'), { exitCode: 2, stderr: /IMAGE_INVALID/ })
  await write({ 'sower.yaml': settings.replace('4.18.5', '{version}') }, 'version')
  t.match(await request('sno1'), { exitCode: 2, stderr: /needs the version/ })
  await write({ 'sower.yaml': settings.replace(/^image: .*\n/m, '') }, 'no template')
  t.match(await request('sno1'), { exitCode: 2, stderr: /has no `image` template/ })
  await write({ 'sower.yaml': '' })
  rmSync(join(cwd, 'sower.yaml'))
  await write({}, 'no settings')
  t.match(await request('sno1'), { exitCode: 2, stderr: /CONFIGURATION_MISSING/ })
})
