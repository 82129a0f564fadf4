import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { rootCertificates } from 'node:tls'
import t from 'tap'
import { errorFields } from '../../src/bot/log.ts'
import { readAuthority } from '../../src/bot/read-authority.ts'
import { runBot } from '../../src/bot/run-bot.ts'
import { RefusedError } from '../../src/errors.ts'
import { createRedactor } from '../../src/redact/redactor.ts'
import { createAuthority, kubeconfigOf } from '../../src/sandbox/kubernetes/authority.ts'
import { directoryWith } from '../support/directory-with.ts'
import { shell } from '../support/run-sower.ts'
import { surroundings } from '../support/surroundings.ts'

t.test('a file of authorities may hold several, with text around them', t => {
  const [first = '', second = ''] = rootCertificates
  const content = `# ours\n${first}\r\n\nsubject=/CN=second\n${second}\n`
  t.equal(readAuthority('ca.pem', content), `${first}\n${second}`)
  t.end()
})

t.test('a log line has of an error its code and reason, and of its cause the class alone', t => {
  const cause = Object.assign(new TypeError('canary'), { code: 'ECONNREFUSED' })
  const error = new RefusedError('NOT_A_SEED', 'detaching: no', { cause })
  t.strictSame(errorFields(error, { run: 'sno1' }), {
    ...{
      run: 'sno1',
      code: 'NOT_A_SEED',
      reason: 'detaching: no',
      cause: 'TypeError ECONNREFUSED',
    },
  })
  t.strictSame(errorFields(new RefusedError('NOT_A_SEED', 'no', { cause: 'canary' }), {}), {
    ...{ code: 'NOT_A_SEED', reason: 'no', cause: undefined },
  })
  t.strictSame(errorFields('a text', { run: 'sno1' }), { run: 'sno1', reason: 'a text' })
  t.end()
})

t.test(
  'the bot starts, answers, and ends when it is asked to, without a word of its token',
  async t => {
    const authority = await createAuthority({ name: 'hub' })
    const client = await authority.issueClient({ commonName: 'sower' })
    const directory = directoryWith(t, {
      kustomize: '#!/bin/sh\necho v5.7.1\n',
      token: 'bot-token-canary\n',
      secret: 'webhook-secret-canary\n',
      hub: kubeconfigOf({ url: 'https://127.0.0.1:1', authority, client, name: 'hub' }),
    })
    const given = {
      ...{ repository: 'a/b', tokenFile: 'token', webhookSecretFile: 'secret', kubeconfig: 'hub' },
      ...{ data: 'data', apiUrl: 'http://127.0.0.1:1', gitUrl: 'http://127.0.0.1:1/a/b.git' },
      ...{ branch: 'main', namespace: 'sower', listen: '127.0.0.1:0', pollInterval: '3600' },
      ...{ recheckInterval: '600', keepRuns: '90', newsInterval: '3600' },
      logLevel: 'debug',
    }
    let end = (): void => undefined
    const ended = new Promise<void>(resolve => (end = resolve))
    const redactor = createRedactor()
    const lines: string[] = []
    let listens: (address: string) => void = () => undefined
    const listening = new Promise<string>(resolve => (listens = resolve))
    const { given: around } = surroundings({
      directory,
      environment: { ...shell(), SOWER_KUSTOMIZE: join(directory, 'kustomize') },
      terminated: () => ended,
      report: line => {
        lines.push(line)
        const { address } = JSON.parse(line) as { address?: string }
        if (address) listens(address)
      },
    })
    const running = runBot(around, given, redactor)
    const address = await listening
    t.equal((await fetch(`http://${address}/healthz`)).status, 200)
    await t.rejects(runBot(around, given, redactor), {
      ...{ code: 'DATA_IN_USE', message: new RegExp(`process ${process.pid} on `) },
    })
    end()
    await running
    await t.rejects(fetch(`http://${address}/healthz`), 'nothing listens any more')
    const { terminated: never } = surroundings({ directory }).given
    t.equal(
      await runBot(
        { ...around, terminated: never },
        { ...given, noWebhook: 'true' },
        redactor,
        'once',
      ),
      null,
      'one round ends by itself, also where nobody answers',
    )
    t.match(lines[0], /"kustomize":"kustomize v5\.7\.1","msg":"starting"/)
    t.notMatch(lines.join(''), 'canary')
    t.equal(redactor.clean(client.key), '[redacted]\n', "the key in the hub's kubeconfig")
    t.equal(redactor.clean('bot-token-canary webhook-secret-canary'), '[redacted] [redacted]')

    writeFileSync(join(directory, 'file'), '')
    const cut = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----'
    writeFileSync(join(directory, 'cut.pem'), `${rootCertificates[0] ?? ''}\n${cut}`)
    for (const [change, error] of [
      [
        { data: 'file' },
        { code: 'FILE_UNREADABLE', message: /data directory file: it is a file$/ },
      ],
      [{ data: '' }, { code: 'ARGUMENT_INVALID', message: 'reading --data: must not be empty' }],
      [
        { data: 'new', kubeconfig: 'none' },
        { message: 'reading none: there is no such file (ENOENT)' },
      ],
      [
        { data: 'new', registryCa: 'none' },
        { message: 'reading none: there is no such file (ENOENT)' },
      ],
      [
        { data: 'new', caFile: 'file' },
        { code: 'FILE_UNREADABLE', message: 'reading file: there is no certificate in it' },
      ],
      [
        { data: 'new', caFile: 'cut.pem' },
        {
          code: 'FILE_UNREADABLE',
          message: /^reading cut\.pem: its certificate 2 cannot be read: /,
        },
      ],
      [{ listen: 'nowhere' }, { code: 'ARGUMENT_INVALID' }],
      [
        { tokenFile: 'none' },
        { code: 'FILE_UNREADABLE', message: 'reading none: there is no such file (ENOENT)' },
      ],
    ] as const)
      await t.rejects(runBot(around, { ...given, ...change }, redactor), error)
    t.notOk(existsSync(join(directory, 'new')), 'nothing is begun before all files are read')
  },
)
