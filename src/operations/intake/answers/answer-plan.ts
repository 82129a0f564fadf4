import { cleanShown } from '../../../core/report/clean-shown.ts'
import { editSection, proofSection } from '../../../core/report/proof-section.ts'
import { nothingShown } from '../../../core/report/render-report.ts'
import type { Context } from '../../context.ts'
import type { Answer, Sender } from '../sender.ts'
import { askAboutSeed } from './ask-about-seed.ts'
import { imageAskedFor } from './image-asked-for.ts'

/**
 * Answers `/seed plan <cluster>` with the edit that a run would commit to the pull request, and its proof. Nothing is
 * pushed, and no run begins. Throws RefusedError for who may not ask, what is not a seed and what cannot be detached.
 */
export const answerPlan = async (
  context: Context,
  from: Sender,
  cluster: string,
): Promise<Answer> => {
  const { base, headSha } = await askAboutSeed(context, from, { verb: 'plan', cluster })
  const { repository, clean } = context.ports
  const head = await repository.checkout(headSha)
  const image = await imageAskedFor(context, { base, head, cluster })
  const request = { key: from.key, cluster, image, pullRequest: from.pullRequest }
  const { sha, proof } = await context.detachCommits(request, { onto: head, base })
  const diff = await repository.diff(headSha, sha)
  const { roots, refusal, kustomize } = proof
  const shown = cleanShown({ ...nothingShown, roots, refusal, kustomize, diff }, clean)
  return {
    text: `The plan to detach ${cluster}, on top of ${headSha.slice(0, 12)}. Nothing was changed.`,
    code: null,
    markdown: [proofSection(shown, { isAdopted: false }), editSection(shown)].join('\n\n'),
  }
}
