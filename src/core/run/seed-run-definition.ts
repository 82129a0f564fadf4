import { z } from 'zod'
import { seedRunFields, seedRunKind } from './seed-run-fields.ts'

/** The CustomResourceDefinition of SeedRun, made from the model that reads and writes it. */
export const seedRunDefinition = (): unknown => {
  const { kind, apiVersion } = seedRunKind
  const [group = '', version = ''] = apiVersion.split('/')
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `seedruns.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: {
        kind,
        listKind: `${kind}List`,
        plural: 'seedruns',
        singular: 'seedrun',
        shortNames: ['sr'],
        categories: ['sower'],
      },
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          subresources: { status: {} },
          additionalPrinterColumns: [
            column('Cluster', 'string', '.spec.cluster'),
            column('Phase', 'string', '.status.phase'),
            column('Blocked', 'string', '.status.blocked.code'),
            column('Image', 'string', '.spec.image'),
            column('PR', 'integer', '.spec.pullRequest'),
            column('Age', 'date', '.metadata.creationTimestamp'),
          ],
          schema: { openAPIV3Schema: schema() },
        },
      ],
    },
  }
}

const column = (name: string, type: string, jsonPath: string): object => ({ name, type, jsonPath })

/** The rules that a type cannot say. */
const rules = [
  {
    rule: 'self.metadata.name == self.spec.cluster',
    message: 'a SeedRun is named after its cluster: creating it is the lock',
  },
  {
    rule: "self.spec == oldSelf.spec || (has(oldSelf.status) && oldSelf.status.phase in ['Completed', 'Failed', 'Cancelled'])",
    message: 'the request of a run that is under way cannot change',
  },
]

const schema = (): unknown => ({
  ...structural(z.toJSONSchema(seedRunFields, { target: 'openapi-3.0' })),
  description: 'One seed generation of one cluster, from the request to the proven image.',
  'x-kubernetes-validations': rules,
})

/** A structural schema holds no `additionalProperties: false`: the API server drops what it does not know. */
const structural = (value: unknown): object =>
  Object.fromEntries(
    Object.entries(z.record(z.string(), z.unknown()).parse(value))
      .filter(([key]) => key !== 'additionalProperties' && key !== '$schema')
      .map(([key, field]) => [key, key === 'properties' ? properties(field) : nested(field)]),
  )

const properties = (value: unknown): object =>
  Object.fromEntries(
    Object.entries(z.record(z.string(), z.unknown()).parse(value)).map(([name, field]) => [
      name,
      structural(field),
    ]),
  )

const nested = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? structural(value) : value
