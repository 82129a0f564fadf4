import { verdictOf } from '../../../core/preflight/verdict-of.ts'
import type { Context } from '../../context.ts'
import { checkBeforeDetach } from '../../preflight/check-before-detach.ts'
import { imageAskedFor } from './image-asked-for.ts'
import type { Answer, Sender } from '../sender.ts'
import { askAboutSeed } from './ask-about-seed.ts'

/**
 * Answers `/seed preflight <cluster>` with every check that can be asked before the detach. Nothing is written: no run
 * begins, and no branch is touched. The image is that of the pull request's request file, else the template's. Throws
 * RefusedError for who may not ask, what is not a seed and what cannot be detached.
 */
export const answerPreflight = async (
  context: Context,
  from: Sender,
  cluster: string,
): Promise<Answer> => {
  const { base, headSha } = await askAboutSeed(context, from, { verb: 'preflight', cluster })
  const head = await context.ports.repository.checkout(headSha)
  const image = await imageAskedFor(context, { base, head, cluster })
  const checks = await checkBeforeDetach(context, { base, cluster, image })
  return { text: `${verdictOf(cluster, checks)}. Nothing was changed.`, code: null, checks }
}
