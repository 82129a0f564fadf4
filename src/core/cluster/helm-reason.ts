import posix from 'node:path/posix'
import { z } from 'zod'
import { type Survey } from './survey-repository.ts'
import { foldersUp } from '../kustomization/folders-up.ts'
import { kinds } from './kinds.ts'
import type { Reached } from '../kustomization/walk.ts'

const helmFields = z.looseObject({
  helmCharts: z
    .array(
      z.looseObject({
        valuesFile: z.string().optional(),
        additionalValuesFiles: z.array(z.string()).default([]),
      }),
    )
    .optional(),
  helmChartInflationGenerator: z.array(z.looseObject({ values: z.string().optional() })).optional(),
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
    if (/^\s*kind:\s*HelmChartInflationGenerator\b/m.test(text))
      return `${path} names it in the values of a Helm chart`
    const inflating = places.find(place => valuesOf(place).includes(path))
    if (inflating)
      return `${path} names it in the values of a Helm chart that ${inflating.kustomization.path} inflates`
  }
  return undefined
}

/** The files with values for the charts of a kustomization, which may hold values itself. */
const valuesOf = ({ directory, kustomization }: Reached): readonly string[] => {
  const parsed = helmFields.safeParse(kustomization.fields)
  if (!parsed.success) return []
  const { helmCharts, helmChartInflationGenerator } = parsed.data
  if (!helmCharts && !helmChartInflationGenerator) return []
  const files = [
    ...(helmCharts ?? []).flatMap(chart => [chart.valuesFile ?? [], chart.additionalValuesFiles]),
    ...(helmChartInflationGenerator ?? []).map(({ values }) => values ?? []),
  ].flat()
  return [kustomization.path, ...files.map(file => posix.join(directory, file))]
}
