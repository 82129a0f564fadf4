import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import { z } from 'zod'
import type { Rule } from './kubernetes/authorize.ts'

const rule = z.looseObject({
  apiGroups: z.array(z.string()),
  resources: z.array(z.string()),
  verbs: z.array(z.string()),
  resourceNames: z.array(z.string()).optional(),
})
const role = z.looseObject({
  kind: z.enum(['Role', 'ClusterRole']),
  metadata: z.looseObject({ namespace: z.string().optional() }),
  rules: z.array(rule),
})

/** The RBAC rules of every Role and ClusterRole in the YAML files of some directories. */
export const readRules = (directories: readonly string[]): readonly Rule[] =>
  directories
    .flatMap(directory =>
      readdirSync(directory)
        .filter(file => file.endsWith('.yaml'))
        .map(file => readFileSync(join(directory, file), 'utf8')),
    )
    .flatMap(text => parseAllDocuments(text))
    .flatMap((document): readonly Rule[] => {
      const parsed = role.safeParse(document.toJS())
      if (!parsed.success) return []
      const { namespace } = parsed.data.metadata
      return parsed.data.rules.map(({ apiGroups, resources, verbs, resourceNames }) => ({
        apiGroups,
        resources,
        verbs,
        ...(resourceNames ? { resourceNames } : {}),
        ...(namespace === undefined ? {} : { namespaces: [namespace] }),
      }))
    })
