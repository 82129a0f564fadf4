import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { parse } from 'yaml'
import { botFlags, gitUrlOf, readBotOptions } from '../../src/bot/bot-options.ts'
import { addressOf } from '../../src/bot/option-values.ts'
import { home } from '../support/run-sower.ts'

/** How an option is called in code: `--token-file` is `tokenFile`. */
const nameOf = (flag: string): string =>
  flag.slice(2).replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())

const given = {
  repository: 'example/site',
  tokenFile: 'token',
  webhookSecretFile: 'secret',
  kubeconfig: 'hub',
  data: 'data',
  ...Object.fromEntries(
    botFlags.flatMap(({ flag, standard }) =>
      standard === undefined ? [] : [[nameOf(flag), standard]],
    ),
  ),
}

t.test('what must be given is enough, and the rest has its standard value', t => {
  t.match(readBotOptions(given), {
    ...{ apiUrl: 'https://api.github.com', branch: 'main', namespace: 'sower' },
    ...{ listen: '0.0.0.0:8080', pollInterval: 10, recheckInterval: 600, logLevel: 'info' },
    ...{ registryTokenHost: { length: 0 }, registryInsecure: { length: 0 } },
    ...{ gitUrl: undefined, argocdUrl: undefined, registryCa: undefined },
  })
  t.end()
})

t.test('the repository is cloned from the host whose API is asked', t => {
  for (const [apiUrl, url] of [
    ['https://api.github.com', 'https://github.com/example/site.git'],
    ['https://api.github.com/', 'https://github.com/example/site.git'],
    ['https://api.octo.ghe.com', 'https://octo.ghe.com/example/site.git'],
    ['https://git.example.com/api/v3', 'https://git.example.com/example/site.git'],
    ['https://git.example.com:8443/api/v3/', 'https://git.example.com:8443/example/site.git'],
    ['https://api.example.com/api/v3', 'https://api.example.com/example/site.git'],
    ['http://127.0.0.1:1', 'http://127.0.0.1:1/example/site.git'],
  ] as const)
    t.equal(gitUrlOf(readBotOptions({ ...given, apiUrl })), url)
  const gitUrl = 'https://mirror.example.com/x.git'
  t.equal(gitUrlOf(readBotOptions({ ...given, gitUrl })), gitUrl)
  t.end()
})

t.test('good values are read', t => {
  for (const [name, value, read] of [
    ['repository', 'a.b/c_d-e', 'a.b/c_d-e'],
    ['listen', '127.0.0.1:0', '127.0.0.1:0'],
    ['listen', '[::1]:65535', '[::1]:65535'],
    ['branch', 'release/4.18', 'release/4.18'],
    ['pollInterval', '0.5', 0.5],
    ['pollInterval', '86400', 86_400],
    ['keepRuns', '0', 0],
    ['keepRuns', '7', 7],
    ['apiUrl', 'http://127.0.0.1:1/api/v3', 'http://127.0.0.1:1/api/v3'],
    ['statusHost', 'sower.example.com,[::1]:8082', ['sower.example.com', '[::1]:8082']],
    ['registryTokenHost', '[::1]:5001, auth.example.com ,', ['[::1]:5001', 'auth.example.com']],
    [
      'registryInsecure',
      'http://registry.example.com:5000, 127.0.0.1',
      ['http://registry.example.com:5000', '127.0.0.1'],
    ],
  ] as const)
    t.strictSame(readBotOptions({ ...given, [name]: value })[name], read, `${name} ${value}`)
  t.end()
})

t.test('a value that is none is refused by its flag, and not repeated', t => {
  for (const [name, flag, ...values] of [
    ['repository', '--repository', 'site', 'a/b/c', 'https://github.com/a/b', ''],
    ['tokenFile', '--token-file', undefined],
    ['apiUrl', '--api-url', 'github.com', 'ftp://a', 'file:///a', ''],
    ['gitUrl', '--git-url', 'git@github.com:a/b.git', 'ssh://a/b', 'https://token@host/a/b'],
    ['argocdUrl', '--argocd-url', 'https://a:b@host'],
    ['branch', '--branch', '', 'a b', 'a;b'],
    ['listen', '--listen', '8080', 'localhost', 'localhost:99999', 'localhost:x', 'a b:1'],
    ['pollInterval', '--poll-interval', '0', '-1', 'often', '86401', 'Infinity'],
    ['keepRuns', '--keep-runs', '-1', '6', '7.5', 'for ever', '3651'],
    ['registryTokenHost', '--registry-token-host', 'http://a.example.com', 'a.example.com/token'],
    ['registryTokenHost', '--registry-token-host', 'a.example.com:99999', 'user@a.example.com'],
    ['statusHost', '--status-host', 'http://sower.example.com', '*.example.com'],
    ['registryInsecure', '--registry-insecure', 'https://a.example.com', 'a.example.com,*'],
    ['argocdUrl', '--argocd-url', 'argocd'],
    ['logLevel', '--log-level', 'trace', 'INFO', ''],
  ] as const)
    for (const value of values)
      t.throws(
        () => readBotOptions({ ...given, [name]: value }),
        {
          ...{ name: 'InputError', code: 'ARGUMENT_INVALID', fix: 'see --help' },
          message: new RegExp(`^reading ${flag}: `),
        },
        `${flag} ${value ?? 'not given'}`,
      )
  t.end()
})

t.test('each option has a variable, and stands with it in the documentation', t => {
  const text = readFileSync(join(home, 'docs', 'configuration.md'), 'utf8')
  for (const { flag, short, value, variable, isRequired, standard } of botFlags) {
    const shown = `${short === undefined ? '' : `${short}\`, \``}${flag} ${value}`.trimEnd()
    const [row = ''] = text.split('\n').filter(line => line.startsWith(`| \`${shown}\` |`))
    t.ok(row.startsWith(`| \`${shown}\` | \`${variable}\` | `), `${flag} ${variable}`)
    if (isRequired) t.match(row, ' | required | ', flag)
    if (standard !== undefined) t.match(row, ` | \`${standard}\` | `, flag)
  }
  t.equal(new Set(botFlags.map(({ variable }) => variable)).size, botFlags.length)
  t.end()
})

t.test('the port of an address is behind its last colon', t => {
  for (const [address, port] of [
    ['127.0.0.1:8080', 8080],
    ['[::1]:0', 0],
  ] as const)
    t.equal(addressOf(address).port, port)
  t.end()
})

type Container = Readonly<{
  env: readonly Readonly<{ name: string; value?: string }>[]
  ports: readonly Readonly<{ containerPort: number }>[]
  volumeMounts: readonly Readonly<{ mountPath: string }>[]
}>
type Deployment = Readonly<{
  spec: Readonly<{ template: Readonly<{ spec: Readonly<{ containers: readonly [Container] }> }> }>
}>

t.test('the Deployment starts the bot with options that it takes', t => {
  const file = join(home, 'manifests', 'bot', 'deployment.yaml')
  const { spec } = parse(readFileSync(file, 'utf8')) as Deployment
  const [container] = spec.template.spec.containers
  const set = container.env.map(({ name, value = 'sower' }) => {
    const flag = botFlags.find(({ variable }) => variable === name)?.flag ?? ''
    t.not(flag, '', name)
    return [nameOf(flag), value] as const
  })
  const options = readBotOptions({ ...given, kubeconfig: undefined, ...Object.fromEntries(set) })
  t.match(options, { runs: undefined, namespace: 'sower' }, 'a pod keeps SeedRuns')
  const ports = container.ports.map(({ containerPort }) => containerPort)
  t.strictSame(ports, [addressOf(options.listen).port, addressOf(options.health ?? '').port])
  for (const path of [options.tokenFile ?? '', options.webhookSecretFile ?? '', options.data])
    t.ok(
      container.volumeMounts.some(({ mountPath }) => path.startsWith(`${mountPath}/`)),
      path,
    )
  t.end()
})

t.test('a wrong value is refused in words that say what it must be', t => {
  for (const [name, value, says] of [
    ['pollInterval', 'abc', 'must be a number'],
    ['newsInterval', '0', 'must be above 0'],
    ['recheckInterval', '86401', 'must be at most 86400'],
    ['keepRuns', '7.5', 'must be a whole number'],
    ['runs', 'disk', 'must be hub or files'],
    ['logLevel', 'loud', 'must be debug, info, warn or error'],
    ['apiUrl', 'github.com', 'must be an http or https URL'],
  ] as const)
    t.throws(() => readBotOptions({ ...given, [name]: value }), {
      message: new RegExp(`^reading --[a-z-]+: ${says}$`),
    })
  t.end()
})
