import posix from 'node:path/posix'
import { z } from 'zod'
import { type Survey } from './survey-repository.ts'
import { foldersUp } from '../kustomization/folders-up.ts'
import { kinds } from './kinds.ts'
import type { Reached } from '../kustomization/walk.ts'

const text = z.string().catch('')
const chart = z
  .looseObject({
    name: text,
    chartName: text,
    chartHome: text,
    valuesFile: text,
    values: text,
    additionalValuesFiles: z.array(z.string()).catch([]),
  })
  .catch({
    ...{ name: '', chartName: '', chartHome: '', valuesFile: '', values: '' },
    additionalValuesFiles: [],
  })
const helmFields = z.looseObject({
  helmCharts: z.array(chart).optional().catch(undefined),
  helmChartInflationGenerator: z.array(chart).optional().catch(undefined),
  helmGlobals: z.looseObject({ chartHome: text }).catch({ chartHome: '' }),
})

const clusterObject = new RegExp(
  String.raw`^\s*kind:\s*["']?(?:${kinds.map(({ kind }) => kind).join('|')})\b`,
  'm',
)

/** Why a cluster that no list brings in seems to come from Helm; undefined when nothing says so. */
export const helmReason = (
  { holders, mentions, charts }: Survey,
  places: readonly Reached[],
): string | undefined => {
  // A file with the object tells more than one that only names the cluster.
  const files = holders.size ? [...holders] : mentions.map(({ path }) => path)
  for (const path of files) {
    const chart = foldersUp(path).find(folder => charts.has(folder))
    if (chart !== undefined) return `${path} names it and lies in the Helm chart ${chart}`
  }
  if (holders.size) return undefined
  for (const { path, text } of mentions) {
    if (text.includes('{{') && clusterObject.test(text))
      return `${path} names it and is a Helm template`
    if (/^[ \t]*kind:[ \t]*HelmChartInflationGenerator\b/m.test(text))
      return `${path} names it in the values of a Helm chart`
    const inflating = places.find(place => valuesOf(place).includes(path))
    if (inflating)
      return `${path} names it in the values of a Helm chart that ${inflating.kustomization.path} inflates`
  }
  return undefined
}

/** The files with values for the charts of a kustomization, which may hold values itself. */
const valuesOf = (place: Reached): readonly string[] => inflatedCharts(place)?.values ?? []

/** The directories of the charts that a kustomization inflates, where they are here, and the files with their values. */
export const inflatedCharts = (
  { directory, kustomization }: Reached,
  generators: readonly unknown[] = [],
): Readonly<{ charts: readonly string[]; values: readonly string[] }> | undefined => {
  const { helmGlobals, ...lists } = helmFields.parse(kustomization.fields)
  const { helmCharts, helmChartInflationGenerator } = lists
  const inflated = [
    ...(helmCharts ?? []),
    ...(helmChartInflationGenerator ?? []),
    ...z.array(chart).parse(generators),
  ]
  if (!helmCharts && !helmChartInflationGenerator && generators.length === 0) return undefined
  const under = (path: string): string => posix.join(directory, path)
  return {
    charts: inflated.map(one =>
      under(
        posix.join(one.chartHome || helmGlobals.chartHome || 'charts', one.chartName || one.name),
      ),
    ),
    values: [
      kustomization.path,
      ...inflated
        .flatMap(one => [one.valuesFile, one.values, ...one.additionalValuesFiles])
        .filter(path => path !== '')
        .map(under),
    ],
  }
}
