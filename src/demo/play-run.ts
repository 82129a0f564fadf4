import { join } from 'node:path'
import { stringify } from 'yaml'
import { z } from 'zod'
import { openFolder } from '../adapters/files/open-folder.ts'
import { outcomes } from '../core/run/run.ts'
import type { Sandbox } from '../sandbox/start-sandbox.ts'
import { askToAdopt } from './ask-to-adopt.ts'
import { startBotProcess } from './bot-process.ts'
import type { Person } from './person.ts'
import type { Demo } from './demo.ts'
import { createPatience, type Blocked } from './create-patience.ts'
import { until } from './until.ts'

/** How a run ended, and the digest of its image; `blocked` where it waits for a person and was not waited for. */
export type Ended = Readonly<{ outcome: string; digest: string | null; blocked: Blocked | null }>

const pullRequest = z.looseObject({ number: z.number() })
const pullRequests = z.array(
  z.looseObject({
    number: z.number(),
    title: z.string(),
    user: z.looseObject({ login: z.string() }),
  }),
)
const comments = z.array(z.looseObject({ body: z.string() }))

/** Starts the bot, asks for the image as the person, merges when Sower's check is green, and waits for the end. */
export const playRun = async (demo: Demo, sandbox: Sandbox, person: Person): Promise<Ended> => {
  const { emit, cluster, directory } = demo
  const secret = 'sandbox-webhook-secret-0123456789'
  const end: { outcome: string; problem: Blocked | null } = { outcome: '', problem: null }
  const stuck = createPatience(sandbox, cluster, () => end.problem)
  const isStuck = (): boolean => demo.endsWhenBlocked === true && stuck() !== null
  const bot = await startBotProcess({
    node: demo.surroundings.node,
    program: demo.program,
    environment: demo.environment,
    logFile: join(directory, 'bot.log'),
    arguments: botArguments(demo, sandbox, secret),
    onLine: ({ msg, effect, from, to, code, reason, answers }) => {
      if (msg === 'effect done' && effect) emit({ event: 'effect', effect })
      if (from !== undefined && to !== undefined) emit({ event: 'phase', from, to })
      const [answer] = answers ?? []
      if (answer !== undefined)
        end.problem = { code: 'REQUEST_INVALID', reason: answer.text, fix: '' }
      if (code !== undefined && reason !== undefined) {
        emit({ event: 'problem', code, reason })
        end.problem = { code, reason, fix: '' }
      }
      if (to !== undefined && outcomes.some(outcome => outcome === to)) end.outcome = to
    },
  })
  try {
    if (demo.hasWebhook) sandbox.gitHub.setWebhook({ url: `http://${bot.address}/webhook`, secret })
    const number = await ask(demo, sandbox, person)
    const isGreen = (): boolean => demo.hasTold(/set the (?:status|check) sower to success/)
    await until('the check `sower` to be green', () => isGreen() || isStuck())
    await showComment(demo, person, number)
    if (!isGreen()) return { outcome: '', digest: null, blocked: stuck() }
    emit({
      event: 'act',
      actor: 'person',
      message: `reads the proof and merges pull request #${number}`,
    })
    await person.call('PUT', `/pulls/${number}/merge`, { merge_method: 'merge' })
    await until(`the run of ${cluster} to end`, async () => {
      if (demo.isProtected) await mergeSowers(demo, person)
      return end.outcome !== '' || isStuck()
    })
    if (end.outcome === '') {
      await showComment(demo, person, number)
      return { outcome: '', digest: null, blocked: stuck() }
    }
    await until('the final report', async () =>
      (await reportOf(person, number)).includes(`: ${end.outcome}`),
    )
    const body = await showComment(demo, person, number)
    const digest = /sha256:[0-9a-f]{64}/.exec(body)?.[0] ?? null
    return { outcome: end.outcome, digest, blocked: null }
  } finally {
    await bot.stop()
  }
}

const botArguments = (
  { directory, tokens, app, hasWebhook, isForeground = false, cluster }: Demo,
  sandbox: Sandbox,
  secret: string,
): readonly string[] => {
  const secrets = openFolder(join(directory, 'bot-secrets'), 0o700)
  const file = (name: string, content: string): string => secrets.write(name, content, 0o600)
  const words = Object.entries({
    '--repository': 'example/ztp',
    ...(app === null
      ? { '--token-file': file('token', tokens.bot) }
      : { '--app-id': app.id, '--app-key-file': file('app-key.pem', app.privateKey) }),
    ...(hasWebhook ? { '--webhook-secret-file': file('webhook-secret', secret) } : {}),
    '--news-interval': '1',
    '--kubeconfig': file('hub.kubeconfig', sandbox.hubKubeconfig),
    '--runs': 'hub',
    '--data': join(directory, 'bot-data'),
    '--api-url': sandbox.gitHub.url,
    '--git-url': sandbox.gitHub.gitUrl,
    ...(isForeground ? {} : { '--listen': '127.0.0.1:0' }),
    ...{ '--poll-interval': '1', '--recheck-interval': '1' },
    '--registry-ca': file('registry-ca.pem', sandbox.registry.certificateAuthority),
    '--argocd-url': sandbox.argocd.url,
    '--argocd-token-file': file('argocd-token', sandbox.argocd.token),
    '--log-level': 'debug',
  }).flat()
  if (isForeground) return ['run', cluster, ...words]
  return ['bot', ...words, ...(hasWebhook ? [] : ['--no-webhook'])]
}

/** Opens the pull request: with the label and a request file, with any commit and a command, or on the command line. */
const ask = async (demo: Demo, sandbox: Sandbox, person: Person): Promise<number> => {
  const { cluster, askBy, version, emit } = demo
  if (askBy === 'command line') return askToAdopt(demo, sandbox)
  const branch = `seed/${cluster}`
  const request = stringify({
    apiVersion: 'sower.dev/v1alpha1',
    kind: 'SeedRequest',
    cluster,
    image:
      demo.image?.(sandbox.registry.host) ?? `${sandbox.registry.host}/ibu/${cluster}:${version}`,
  })
  const files =
    askBy === 'label'
      ? { [`seeds/${cluster}/request.yaml`]: request }
      : { [`seeds/${cluster}/README.md`]: `# ${cluster}\n\nA seed image is wanted of it.\n` }
  const title = `Seed image of ${cluster}`
  await person.push({ branch, message: title, files })
  const { number } = pullRequest.parse(
    await person.call('POST', '/pulls', {
      title,
      head: branch,
      base: 'main',
      body: 'For the image-based upgrade.',
    }),
  )
  emit({
    event: 'act',
    actor: 'person',
    message:
      askBy === 'label'
        ? `labels pull request #${number} with seed`
        : `comments /seed detach ${cluster} on pull request #${number}`,
  })
  if (askBy === 'label') await person.call('POST', `/issues/${number}/labels`, { labels: ['seed'] })
  else await person.call('POST', `/issues/${number}/comments`, { body: `/seed detach ${cluster}` })
  return number
}

/** Merges the pull requests that Sower has opened, as a person does where the base branch is protected. */
const mergeSowers = async ({ emit }: Demo, person: Person): Promise<void> => {
  for (const { number, title, user } of pullRequests.parse(await person.call('GET', '/pulls'))) {
    if (user.login !== 'sower[bot]') continue
    emit({
      event: 'act',
      actor: 'person',
      message: `merges pull request #${number} of Sower: ${title}`,
    })
    await person.call('PUT', `/pulls/${number}/merge`, { merge_method: 'merge' })
  }
}

const reportOf = async (person: Person, number: number): Promise<string> =>
  comments
    .parse(await person.call('GET', `/issues/${number}/comments?per_page=100`))
    .find(({ body }) => body.startsWith('<!-- sower:run '))?.body ?? ''

const showComment = async ({ emit }: Demo, person: Person, number: number): Promise<string> => {
  const body = await reportOf(person, number)
  emit({ event: 'comment', body })
  return body
}
