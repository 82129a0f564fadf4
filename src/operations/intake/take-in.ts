import type { Configuration } from '../../core/settings/configuration.ts'
import { verbs, type Command } from '../../core/command/parse-commands.ts'
import { seedPaths } from '../../core/detach/seed-record.ts'
import { readRequest } from '../../core/seedgen/read-request.ts'
import { isEnded, newRun, type Order, type Request, type Verb } from '../../core/run/run.ts'
import { imageFromTemplate } from '../../core/seedgen/image-reference.ts'
import { InputError, RefusedError, UnavailableError } from '../../errors.ts'
import { authorise } from './authorise.ts'
import { type Context } from '../context.ts'
import { fetchBase } from '../base.ts'
import { type Base } from '../base.ts'
import { readText } from '../../core/repository-tree.ts'
import { refuseUnlessSeed } from '../../core/settings/refuse-unless-seed.ts'
import type { PullRequest } from '../ports/forge.ts'
import type { Checkout } from '../ports/repository.ts'
import { readSeedVersion } from '../seed/read-seed-version.ts'
import type { Incoming } from '../ports/inbox.ts'
import { runOf } from '../../core/run/run-of.ts'

/** What came of it: a text for the person who asked, or nothing to say. */
export type Answer = Readonly<{ text: string; code: string | null } | null>

/**
 * Takes one incoming event through the same gates for webhooks and whatever else brings them. Refusals are
 * answers; only an outside that gives no answer throws (UnavailableError), and then the event stays.
 */
export const takeIn = async (context: Context, incoming: Incoming): Promise<readonly Answer[]> => {
  if (incoming.kind === 'wake') return []
  // Our own comments quote commands.
  if (incoming.sender === (await context.ports.forge.login())) return []
  if (incoming.kind === 'label') return [await answering(() => requestByLabel(context, incoming))]
  const answers: Answer[] = []
  for (const [index, command] of incoming.commands.entries())
    answers.push(
      await answering(() =>
        obey(context, { ...incoming, key: `${incoming.key}/${index}` }, command),
      ),
    )
  return answers
}

const answering = async (work: () => Promise<Answer>): Promise<Answer> => {
  try {
    return await work()
  } catch (error) {
    if (error instanceof RefusedError || error instanceof InputError)
      return { text: `${error.message}. ${error.fix ?? ''}`.trim(), code: error.code }
    throw error
  }
}

type Sender = Readonly<{ key: string; pullRequest: number; sender: string }>

const obey = async (context: Context, from: Sender, command: Command): Promise<Answer> => {
  switch (command.verb) {
    case 'detach':
      return requestByCommand(context, from, command.cluster)
    case 'retry':
    case 'abort':
      return order(context, from, command.verb)
    case 'status':
      return null
    case 'help':
      return { text: help(), code: null }
    case 'unknown':
      return { text: `${command.reason}. ${help()}`, code: 'ARGUMENT_INVALID' }
  }
}

const help = (): string =>
  `Commands: ${Object.values(verbs)
    .map(({ usage, does }) => `\`${usage}\` ${does}`)
    .join('; ')}. An edited comment is not read; write a new one.`

const openPullRequest = async (context: Context, number: number): Promise<PullRequest> => {
  const read = await context.ports.forge.pullRequest(number)
  if (read.seen === 'unknown')
    throw new UnavailableError(
      'GITHUB_FAILED',
      `reading #${number}: GitHub gave no answer (${read.why})`,
    )
  const refuse = (reason: string): RefusedError =>
    new RefusedError('REQUEST_INVALID', `reading #${number}: ${reason}`, {
      fix: `open a pull request against ${context.settings.branch} from a branch of this repository`,
    })
  if (read.seen === 'absent' || read.value.state !== 'open')
    throw refuse('it is not an open pull request')
  if (read.value.isFork) throw refuse('its branch is in a fork, where Sower cannot write')
  if (read.value.base !== context.settings.branch) throw refuse(`its base is ${read.value.base}`)
  return read.value
}

type Labelled = Sender & Readonly<{ headSha: string }>

const requestByLabel = async (context: Context, from: Labelled): Promise<Answer> => {
  const base = await fetchBase(context)
  const pullRequest = await openPullRequest(context, from.pullRequest)
  await authorise(context, base.config, from.sender, 'detach')
  if (pullRequest.headSha !== from.headSha)
    throw new RefusedError(
      'HEAD_MOVED',
      `reading #${from.pullRequest}: the branch moved after the label was set`,
      {
        fix: 'look at the new commits, then remove the label `seed` and set it again',
      },
    )
  const found = requestsIn(await context.ports.repository.checkout(from.headSha), base)
  const [request, other] = found
  if (!request || other)
    throw new RefusedError(
      'REQUEST_INVALID',
      request
        ? `reading #${from.pullRequest}: it asks for several clusters: ${found.map(({ cluster }) => cluster).join(', ')}`
        : `reading #${from.pullRequest}: it adds no request for a seed cluster (${base.config.seeds.join(', ')})`,
      {
        fix: `add exactly one ${base.config.directory}/<cluster>/request.yaml, or comment \`/seed detach <cluster>\``,
      },
    )
  return begin(context, from, { ...request, headSha: from.headSha })
}

/** The requests that a head adds or changes against its base, of clusters that may be asked for. */
const requestsIn = (
  head: Checkout,
  { checkout, config }: Base,
): readonly Readonly<{ cluster: string; image: string }>[] =>
  config.seeds.flatMap(cluster => {
    const path = seedPaths(config.directory, cluster).request
    if (head.tree.entry(path) !== 'file') return []
    const text = readText(head.tree, path)
    if (checkout.tree.entry(path) === 'file' && readText(checkout.tree, path) === text) return []
    return [readRequest(path, text)]
  })

const requestByCommand = async (
  context: Context,
  from: Sender,
  cluster: string,
): Promise<Answer> => {
  const base = await fetchBase(context)
  const pullRequest = await openPullRequest(context, from.pullRequest)
  await authorise(context, base.config, from.sender, 'detach')
  refuseUnlessSeed(base.config, cluster)
  const { headSha } = pullRequest
  const written = requestsIn(await context.ports.repository.checkout(headSha), base).find(
    request => request.cluster === cluster,
  )
  const image = written?.image ?? (await templateImage(context, base.config, cluster))
  return begin(context, from, { cluster, image, headSha })
}

const templateImage = async (
  context: Context,
  { image }: Configuration,
  cluster: string,
): Promise<string> => {
  if (image === undefined)
    throw new RefusedError(
      'IMAGE_INVALID',
      `choosing the image of ${cluster}: sower.yaml has no \`image\` template`,
      {
        fix: `add one, or add the request file of ${cluster} with an image to this pull request`,
      },
    )
  const version = image.includes('{version}') ? await readSeedVersion(context, cluster) : ''
  return imageFromTemplate(image, { cluster, version }).text
}

const begin = async (
  context: Context,
  from: Sender,
  { cluster, image, headSha }: Pick<Request, 'cluster' | 'image' | 'headSha'>,
): Promise<Answer> => {
  const { runs } = context.ports
  const { repository } = context.settings
  const here = runOf(await runs.list(), from.pullRequest)
  if (here && !isEnded(here.phase) && here.name !== cluster)
    throw new RefusedError(
      'RUN_EXISTS',
      `asking for ${cluster}: a run of ${here.name} is under way on this pull request`,
      { fix: 'open a pull request of its own for each cluster' },
    )
  const run = newRun(
    {
      key: from.key,
      cluster,
      image,
      headSha,
      repository,
      pullRequest: from.pullRequest,
      by: from.sender,
    },
    context.now().toISOString(),
  )
  if (await runs.create(run)) return null
  const existing = await runs.get(cluster)
  if (!existing || existing.request.key === from.key) return null
  if (!isEnded(existing.phase))
    throw new RefusedError(
      'RUN_EXISTS',
      `asking for ${cluster}: a run of it is under way in #${existing.request.pullRequest} (${existing.phase})`,
      { fix: 'wait for its end, or comment `/seed abort` there' },
    )
  await runs.replace({ ...run, version: existing.version })
  return null
}

const order = async (context: Context, from: Sender, verb: Verb): Promise<Answer> => {
  const { config } = await fetchBase(context)
  await authorise(context, config, from.sender, verb)
  const run = runOf(await context.ports.runs.list(), from.pullRequest)
  if (!run || isEnded(run.phase))
    throw new RefusedError(
      'REQUEST_INVALID',
      `${verb} was asked for on #${from.pullRequest}, which has no run under way`,
      {
        fix: 'comment on the pull request of the run',
      },
    )
  const placed: Order = { key: from.key, verb, by: from.sender, at: context.now().toISOString() }
  if (!run.orders.some(({ key }) => key === placed.key))
    await context.ports.runs.replace({ ...run, orders: [...run.orders, placed] })
  return null
}
