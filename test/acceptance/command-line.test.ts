import { once } from 'node:events'
import { chmodSync, cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { execa } from 'execa'
import t, { type Test } from 'tap'
import { createAuthority, kubeconfigOf } from '../../src/sandbox/kubernetes/authority.ts'
import { findKustomize } from '../../src/adapters/kustomize/kustomize-cli.ts'
import {
  alone,
  isOneMessage,
  kustomizePlaces,
  program,
  runSower,
  shell,
  temporaryDirectory,
  type Result,
} from '../support/run-sower.ts'

const kustomization = (...lines: string[]): string =>
  `apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n${lines.join('\n')}\n`

t.test('without kustomize it says how to get one', async t => {
  const directory = temporaryDirectory(t)
  writeFileSync(join(directory, 'kustomization.yaml'), kustomization('resources: []'))
  const missing = { exitCode: 2, code: 'KUSTOMIZE_MISSING', says: /install kustomize 5\.1/ }
  for (const wrong of [
    join(directory, 'nowhere'),
    directory,
    join(directory, 'kustomization.yaml'),
  ])
    isOneMessage(
      t,
      await runSower(['inventory', directory], { env: { ...shell(), SOWER_KUSTOMIZE: wrong } }),
      { ...missing, says: /SOWER_KUSTOMIZE is .*, which is not an executable file/ },
    )
  cpSync(dirname(program), join(directory, 'copy', 'dist'), { recursive: true })
  const copy = join(directory, 'copy', 'dist', 'sower.js')
  for (const path of ['', directory, '.', 'relative:'])
    isOneMessage(
      t,
      await runSower(['inventory', directory], { program: copy, env: { PATH: path } }),
      missing,
    )
  const demo = await runSower(['demo', '--json', '--keep', join(directory, 'demo')], {
    program: copy,
    env: { PATH: '' },
  })
  isOneMessage(t, demo, missing)
  t.notOk(existsSync(join(directory, 'demo')), 'the demo has begun nothing')
  const environment = { ...shell(), SOWER_KUSTOMIZE: findKustomize(kustomizePlaces).file }
  const lonely = await runSower(['demo'], { program: copy, env: environment })
  isOneMessage(t, lonely, {
    exitCode: 1,
    code: 'DEMO_FAILED',
    says: /there is no \S*\/copy\/manifests\/overlays\/example/,
  })

  const fetched = join(directory, 'copy', 'node_modules', '.cache', 'sower', 'kubectl')
  mkdirSync(dirname(fetched), { recursive: true })
  writeFileSync(fetched, '#!/bin/sh\necho "# $1 of the fetched one"\n')
  chmodSync(fetched, 0o755)
  t.match(await runSower(['generate', directory], { program: copy, env: { PATH: '' } }), {
    exitCode: 0,
    stdout: '# kustomize of the fetched one\n',
  })
})

t.test('output that cannot be written is one message, and that of a closed pipe none', async t => {
  const directory = temporaryDirectory(t)
  const configMap = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n'
  // More than a pipe holds that nobody reads.
  writeFileSync(join(directory, 'a.yaml'), `${configMap}data: {a: ${'x'.repeat(200_000)}}\n`)
  writeFileSync(join(directory, 'kustomization.yaml'), kustomization('resources: [a.yaml]'))
  const run = async (script: string): Promise<Result> => {
    const command = ['sh', '-c', script, 'sh', process.execPath, program, 'generate', directory]
    const [file, ...rest] = alone(shell(), ...command)
    return execa(file, rest, { reject: false, stripFinalNewline: false })
  }
  isOneMessage(t, await run('exec "$@" >/dev/full'), {
    exitCode: 2,
    code: 'OUTPUT_UNWRITABLE',
    says: /writing to standard output: ENOSPC/,
  })
  const closed = await run('{ "$@"; echo "exit $?" >&2; } | :')
  t.match(closed, { stdout: '', stderr: 'exit 2\n' }, 'what was not read is no success')
})

t.test('words that are none are refused with one message', async t => {
  for (const words of [
    ['frobnicate'],
    ['plan'],
    ['generate', '--force'],
    ['seal'],
    ['plan', 'a', 'b'],
    ['generate', '-o', 'json'],
    ['generate', '--explain', '-o', 'xml'],
  ]) {
    const { exitCode, stdout, stderr } = await runSower(words)
    t.match({ exitCode, stdout }, { exitCode: 2, stdout: '' }, words.join(' '))
    t.match(stderr, /^sower: [^\n]+\n$/)
  }
  t.match(await runSower([]), { exitCode: 2, stdout: '', stderr: /Usage: sower/ })
  t.match(await runSower(['--help']), { exitCode: 0, stdout: /Usage: sower/, stderr: '' })
  t.match(await runSower(['--version']), { exitCode: 0, stdout: /^\d+\.\d+\.\d+\n$/ })
  const scenario = await runSower(['demo', '--scenario', 'toString'])
  isOneMessage(t, scenario, {
    exitCode: 2,
    code: 'ARGUMENT_INVALID',
    says: /choose one of run, last-cluster/,
  })
})

const startBot = async (t: Test) => {
  const directory = temporaryDirectory(t)
  const write = (name: string, content: string): string => {
    writeFileSync(join(directory, name), content)
    return join(directory, name)
  }
  const authority = await createAuthority({ name: 'hub' })
  const client = await authority.issueClient({ commonName: 'sower' })
  const given: Record<string, string> = {
    '--repository': 'example/ztp',
    '--token-file': write('token', 'bot-token-canary'),
    '--webhook-secret-file': write('webhook-secret', 'webhook-secret-canary-0123456789'),
    '--kubeconfig': write(
      'hub.kubeconfig',
      kubeconfigOf({ url: 'https://127.0.0.1:1', authority, client, name: 'hub' }),
    ),
    '--data': join(directory, 'data'),
    '--api-url': 'http://127.0.0.1:1',
    '--git-url': 'http://127.0.0.1:1/example/ztp.git',
    '--listen': '127.0.0.1:0',
  }
  return {
    directory,
    write,
    run: (change: Record<string, string | null>) => {
      const words = Object.entries({ ...given, ...change }).flatMap(([name, value]) =>
        value === null ? [] : [name, value],
      )
      return runSower(['bot', ...words], { cwd: directory })
    },
  }
}

t.test('the bot refuses a busy port and bad options before it does anything', async t => {
  const { directory, write, run } = await startBot(t)
  const busy = createServer()
  await once(busy.listen(0, '127.0.0.1'), 'listening')
  t.teardown(() => busy.close())
  const taken = `127.0.0.1:${(busy.address() as AddressInfo).port}`
  const inUse = await run({ '--listen': taken, '--log-level': 'error' })
  isOneMessage(t, inUse, {
    exitCode: 2,
    code: 'PORT_IN_USE',
    says: /choose another one with --listen/,
  })
  t.match(inUse.stderr, taken)

  for (const [option, value] of [
    ['--poll-interval', '0'],
    ['--poll-interval', 'often'],
    // More milliseconds than a timer holds: it would fire at once, again and again.
    ['--poll-interval', '1e9'],
    ['--listen', '8080'],
    ['--listen', '127.0.0.1:99999'],
    ['--repository', 'https://github.com/example/ztp'],
    ['--api-url', 'file:///etc/passwd'],
    ['--git-url', 'ext::sh -c id'],
    ['--branch', 'main --force'],
  ] as const)
    isOneMessage(t, await run({ [option]: value }), {
      exitCode: 2,
      code: 'ARGUMENT_INVALID',
      says: new RegExp(`^sower: reading ${option}: `),
    })
  for (const option of ['--token-file', '--registry-ca'])
    isOneMessage(t, await run({ [option]: join(directory, 'nowhere'), '--log-level': 'error' }), {
      exitCode: 2,
      code: 'FILE_UNREADABLE',
      says: /nowhere: there is no such file/,
    })
  const weak = await run({
    '--webhook-secret-file': write('weak', 'hunter2'),
    '--log-level': 'error',
  })
  isOneMessage(t, weak, { exitCode: 2, code: 'WEBHOOK_SECRET_WEAK', says: /openssl rand/ })
  const refused = await run({
    '--kubeconfig': write('broken.kubeconfig', 'token: [kubeconfig-canary'),
    '--log-level': 'error',
  })
  isOneMessage(t, refused, {
    exitCode: 3,
    code: 'ACCESS_MISSING',
    says: /reading a kubeconfig: it is not one/,
  })
  t.notMatch(refused.stderr, /canary/)
  for (const option of ['--repository', '--webhook-secret-file'])
    t.match(await run({ [option]: null }), {
      exitCode: 2,
      stdout: '',
      stderr: new RegExp(`^sower: .*${option}`),
    })
})
