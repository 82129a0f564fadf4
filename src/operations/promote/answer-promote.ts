import { seedPaths } from '../../core/detach/seed-record.ts'
import type { Context } from '../context.ts'
import { authorise } from '../intake/authorise.ts'
import type { Answer, Sender } from '../intake/sender.ts'
import { openPromotion } from './open-promotion.ts'
import { preparePromotion } from './prepare-promotion.ts'
import { refuseGroupUpgrade } from './refuse-group-upgrade.ts'

/**
 * Answers `/seed promote <cluster>`: opens the pull request that sets the proven image, or names the one that is open. It may be
 * asked for on any pull request of this repository, that of the run for example, whose branch is not looked at. Throws
 * RefusedError for who may not ask, and what preparing, asking the hub and opening throw.
 */
export const answerPromote = async (
  context: Context,
  from: Sender,
  cluster: string,
): Promise<Answer> => {
  const base = await authorise(context, from, 'promote')
  const { ports, settings } = context
  const prepared = await preparePromotion(ports, base, cluster)
  const { image, version } = prepared.seedImageRef
  if (prepared.changes.length === 0)
    return { text: `All manifests name \`${image}\` of OpenShift ${version} already.`, code: null }
  await refuseGroupUpgrade(ports.hub)
  const recordPath = seedPaths(base.config.directory, cluster).record
  const opening = { ...ports, base: settings.branch }
  const { pull, isNew } = await openPromotion(opening, prepared, { cluster, recordPath })
  return {
    text: isNew
      ? `#${pull.number} promotes \`${image}\` of OpenShift ${version}. Sower does not merge it.`
      : `The promotion of \`${image}\` is open already: #${pull.number}.`,
    code: null,
  }
}
