import { isSeedLabel } from '../../core/command/seed-label.ts'
import { commandText } from '../../core/command/command-text.ts'
import type { Configuration } from '../../core/settings/configuration.ts'
import { refuseUnlessSeed } from '../../core/settings/refuse-unless-seed.ts'
import { isEnded, newRun, type Request } from '../../core/run/run.ts'
import { runOf } from '../../core/run/run-of.ts'
import { imageFromTemplate } from '../../core/seedgen/image-reference.ts'
import { RefusedError } from '../../errors.ts'
import type { Context } from '../context.ts'
import { readSeedVersion } from '../seed/read-seed-version.ts'
import { authorise } from './authorise.ts'
import { clustersAskedFor } from './clusters-asked-for.ts'
import { openPullRequest } from './open-pull-request.ts'
import { requestsIn } from './requests-in.ts'
import { requireHead } from './require-head.ts'
import type { Answer, Sender } from './sender.ts'

type Labelled = Sender & Readonly<{ headSha: string; described?: string | undefined }>

/** Begins the run that the label `seed` asks for, on the head that it was set on. Throws RefusedError. */
export const requestByLabel = async (context: Context, from: Labelled): Promise<Answer> => {
  const base = await authorise(context, from, 'detach')
  if (await isBegun(context, from)) return null
  const pullRequest = await openPullRequest(context, base.config, from.pullRequest)
  if (!pullRequest.labels.some(isSeedLabel))
    throw new RefusedError(
      'REQUEST_INVALID',
      `reading #${from.pullRequest}: the label \`seed\` was removed again`,
      { fix: 'set it again if you want the request' },
    )
  if (from.headSha === '')
    throw new RefusedError(
      'COMMAND_LATE',
      `reading #${from.pullRequest}: the label was found more than two minutes after it was set, so it is not known which commits were there then`,
      { fix: 'look at the commits, then remove the label `seed` and set it again' },
    )
  if (pullRequest.headSha !== from.headSha)
    throw new RefusedError(
      'HEAD_MOVED',
      `reading #${from.pullRequest}: the branch moved after the label was set`,
      {
        fix: 'look at the new commits, then remove the label `seed` and set it again',
      },
    )
  if (from.described !== undefined && from.described !== (commandText(pullRequest.body) ?? ''))
    throw new RefusedError(
      'REQUEST_INVALID',
      `reading #${from.pullRequest}: its description was changed after the label was set`,
      { fix: 'read it, then remove the label `seed` and set it again' },
    )
  const { config } = base
  const written = requestsIn(await context.ports.repository.checkout(from.headSha), base)
  const clusters = written.length
    ? written.map(({ cluster }) => cluster)
    : await clustersAskedFor(context, base, pullRequest)
  const [cluster, other] = clusters
  if (cluster === undefined || other !== undefined)
    throw new RefusedError(
      'REQUEST_INVALID',
      cluster === undefined
        ? `reading #${from.pullRequest}: it asks for no seed cluster (${config.seeds.join(', ')}): it adds no request, takes none of them out, and its description holds no command`
        : `reading #${from.pullRequest}: it asks for several clusters: ${clusters.join(', ')}`,
      {
        fix: `add exactly one ${config.directory}/<cluster>/request.yaml, or comment \`/seed detach <cluster>\``,
      },
    )
  refuseUnlessSeed(config, cluster)
  const image = written[0]?.image ?? (await templateImage(context, config, cluster))
  const adopt = written[0]?.adopt
  return begin(context, from, { cluster, image, headSha: from.headSha, adopt })
}

/**
 * Tells whether there is a run of this very request. It comes again where a bot ended before it noted that it was taken in,
 * and where GitHub tells another bot; by then the run may have moved the head, and a person may have merged.
 */
const isBegun = async (context: Context, { key }: Sender): Promise<boolean> =>
  (await context.ports.runs.list()).some(({ request }) => request.key === key)

/** Begins the run that `/seed detach <cluster>` asks for. Throws RefusedError. */
export const requestByCommand = async (
  context: Context,
  from: Sender,
  { cluster, sha }: Readonly<{ cluster: string; sha?: string }>,
): Promise<Answer> => {
  const base = await authorise(context, from, 'detach')
  if (await isBegun(context, from)) return null
  const pullRequest = await openPullRequest(context, base.config, from.pullRequest)
  refuseUnlessSeed(base.config, cluster)
  const { headSha } = pullRequest
  requireHead(context, from, { head: headSha, sha })
  const written = requestsIn(await context.ports.repository.checkout(headSha), base).find(
    request => request.cluster === cluster,
  )
  const image = written?.image ?? (await templateImage(context, base.config, cluster))
  return begin(context, from, { cluster, image, headSha, adopt: written?.adopt })
}

const templateImage = async (
  context: Context,
  { image }: Configuration,
  cluster: string,
): Promise<string> => {
  if (image === undefined) throw withoutTemplate(cluster)
  const version = image.includes('{version}') ? await readSeedVersion(context, cluster) : ''
  return imageFromTemplate(image, { cluster, version }).text
}

/** The refusal of a request that names no image where no template does. */
export const withoutTemplate = (cluster: string): RefusedError =>
  new RefusedError(
    'IMAGE_INVALID',
    `choosing the image of ${cluster}: sower.yaml has no \`image\` template`,
    {
      fix: `add one, or add the request file of ${cluster} with an image to this pull request`,
    },
  )

const begin = async (
  context: Context,
  from: Sender,
  { cluster, image, headSha, adopt }: Pick<Request, 'cluster' | 'image' | 'headSha' | 'adopt'>,
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
      ...(adopt === undefined ? {} : { adopt }),
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
