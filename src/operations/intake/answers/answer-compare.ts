import { readingDeclared, type DeclaredFleet } from '../../../core/compare/git/read-declared.ts'
import { comparisonReport } from '../../../core/report/comparison-report.ts'
import type { Base } from '../../base.ts'
import { compareClusters } from '../../compare/compare-clusters.ts'
import type { Context } from '../../context.ts'
import { connectSeed } from '../../seed/connect-seed.ts'
import type { Answer, Sender } from '../sender.ts'
import { askAboutSeed } from './ask-about-seed.ts'

/**
 * Answers `/seed compare <cluster>` with the comparison of a seed and the other clusters in Git, on the base branch. The seed
 * is asked where its kubeconfig is on the hub. Nothing is written. Throws RefusedError for who may not ask, and for what is
 * no seed or is not in Git.
 */
export const answerCompare = async (
  context: Context,
  from: Sender,
  cluster: string,
): Promise<Answer> => {
  const { base } = await askAboutSeed(context, from, { verb: 'compare', cluster })
  const seed = await connectSeed(context, cluster, { early: true })
  const git = await readInTurns(base)
  const { conceal, clean } = context.ports
  const comparison = await compareClusters({
    ...{ cluster, named: [], all: false, git, conceal, conformance: new Map() },
    ...{ expect: base.config.expect, settings: base.config.compare },
    readers: new Map(seed ? [[cluster, seed]] : []),
  })
  return {
    text: `${cluster} against what Git says of its targets. Nothing was changed.`,
    code: null,
    markdown: comparisonReport(comparison, git.notes, clean),
  }
}

const filesATurn = 50

/** Thousands of files take seconds: in between, the bot renews its lease and answers its health checks. */
const readInTurns = async ({ checkout, config }: Base): Promise<DeclaredFleet> => {
  const reading = readingDeclared(checkout.tree, config.roots)
  for (let count = 1; ; count += 1) {
    const { done, value } = reading.next()
    if (done === true) return value
    if (count % filesATurn === 0) await new Promise(resolve => setImmediate(resolve))
  }
}
