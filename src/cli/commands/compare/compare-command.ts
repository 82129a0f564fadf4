import { resolve } from 'node:path'
import { readInput } from '../../../adapters/files/read-input.ts'
import { writeOutput } from '../../../adapters/files/write-output.ts'
import { clusterName } from '../../../core/cluster/cluster-name.ts'
import type { Comparison } from '../../../core/compare/compare-fleet.ts'
import {
  conformanceCall,
  readConformance,
  type Conformance,
} from '../../../core/compare/conformance.ts'
import type { ImageLabels } from '../../../core/compare/image-labels.ts'
import { fewOf } from '../../../core/compare/shared-findings.ts'
import { readDeclared } from '../../../core/compare/git/read-declared.ts'
import { blocking } from '../../../core/preflight/check.ts'
import { comparisonReport } from '../../../core/report/comparison-report.ts'
import { defaults } from '../../../core/settings/defaults.ts'
import { InputError, RefusedError, UnavailableError } from '../../../errors.ts'
import { compareClusters } from '../../../operations/compare/compare-clusters.ts'
import type { Redactor } from '../../../redact/redactor.ts'
import { during, type Surroundings } from '../../../surroundings.ts'
import { openClone } from '../../clone/open-clone.ts'
import { printAs } from '../../output/print-as.ts'
import type { CompareOptions } from './compare-options.ts'
import { composeReaders } from './compose-readers.ts'
import { namedPaths } from './named-paths.ts'
import { describeComparison } from './describe-comparison.ts'

const version = { apiVersion: 'sower.dev/v1alpha1', kind: 'Comparison' }

const byProfile = `conformance with a profile is not compared here; --conformance takes in the result of \`${conformanceCall}\``

/**
 * `sower compare`: says of each target what of the seed fits it, from HEAD and what else is named; it writes nothing but
 * the page that is asked for. Throws what `openClone`, `composeReaders` and `compareClusters` throw; after the report
 * RefusedError COMPARE_FAILED where something would make an upgrade fail, UnavailableError COMPARE_FAILED where
 * nothing but answers are missing.
 */
export const compareCommand = async (
  surroundings: Surroundings,
  options: CompareOptions,
  redactor: Redactor,
): Promise<void> => {
  const { cluster, targets } = options
  const wrong = [cluster, ...targets].find(name => !clusterName.test(name))
  if (wrong !== undefined)
    throw new InputError(
      'ARGUMENT_INVALID',
      `reading the clusters: ${wrong} is not a valid cluster name`,
      {
        fix: 'give spec.clusterName: lower case letters, digits and dashes',
      },
    )
  const clone = await openClone(surroundings, { directory: options.directory, roots: [] })
  try {
    const readers = await composeReaders(surroundings, options, redactor)
    const conformance = new Map<string, Conformance>()
    for (const [name, file] of namedPaths('--conformance', options.conformance)) {
      const text = (await readInput(surroundings.directory, file)).toString('utf8')
      conformance.set(name, readConformance(text, file))
    }
    const image = await imageFrom(surroundings, options)
    const git = readDeclared(clone.checkout.tree, clone.roots)
    const comparing = {
      ...{ cluster, named: targets, all: options.all, git, readers, conceal: redactor.add },
      expect: clone.config?.expect,
      conformance,
      ...(image && { image }),
      settings: clone.config?.compare ?? { accept: [], configMap: defaults.extraManifests },
    }
    const comparison = await during(surroundings, 'asking the clusters that are named', () =>
      compareClusters(comparing),
    )
    const notes = conformance.size > 0 ? git.notes : [...git.notes, byProfile]
    if (options.html !== null) {
      const { comparisonPage } = await import('../../../core/compare/page/comparison-page.ts')
      const file = resolve(surroundings.directory, options.html)
      writeOutput({ file, shown: options.html }, comparisonPage(comparison, notes))
    }
    surroundings.print(printed(options, comparison, notes))
    refuseIfUnfit(comparison)
  } finally {
    clone.close()
  }
}

/** The labels in the configuration of an image; null where none is named. */
const imageFrom = async (
  { directory }: Surroundings,
  { imageConfig }: CompareOptions,
): Promise<ImageLabels | null> => {
  if (imageConfig === null) return null
  const { seedLabels } = await import('../../../adapters/registry/manifest-digest.ts')
  return seedLabels(await readInput(directory, imageConfig))
}

const printed = (
  { output }: CompareOptions,
  comparison: Comparison,
  notes: readonly string[],
): string =>
  printAs(output, { ...version, ...comparison, notes }, () =>
    output === 'markdown'
      ? `${comparisonReport(comparison, notes, text => text)}\n`
      : describeComparison(comparison, notes, output),
  )

const refuseIfUnfit = ({ cluster, seed, targets }: Comparison): void => {
  const activity = `comparing ${cluster} with its targets`
  const named = (standing: string): readonly string[] =>
    targets.filter(one => one.standing === standing).map(one => one.cluster)
  const onSeed = blocking(seed)
  const failing = [
    ...onSeed.filter(({ status }) => status === 'fail').map(({ id }) => id),
    ...named('fails'),
  ]
  if (failing.length > 0)
    throw new RefusedError('COMPARE_FAILED', `${activity}: it does not fit: ${fewOf(failing)}`, {
      fix: 'do what the report says for each',
    })
  const open = [...onSeed.map(({ id }) => id), ...named('unknown')]
  if (open.length > 0)
    throw new UnavailableError(
      'COMPARE_FAILED',
      `${activity}: answers are missing: ${fewOf(open)}`,
      { fix: 'give kubeconfigs or must-gathers for what Git does not show' },
    )
}
