import { z } from 'zod'
import type { Sandbox } from '../../sandbox/start-sandbox.ts'

const applicationStatus = z.looseObject({
  conditions: z.array(z.looseObject({ type: z.string(), message: z.string() })).default([]),
  operationState: z.looseObject({ phase: z.string(), message: z.string().default('') }).optional(),
})

/** The Applications that Argo CD could not compare or sync, and why. */
export const troublesOf = ({ hub }: Pick<Sandbox, 'hub'>): readonly string[] =>
  hub
    .list({ apiVersion: 'argoproj.io/v1alpha1', kind: 'Application' })
    .flatMap(({ metadata, status }) => {
      const { data } = applicationStatus.safeParse(status)
      const failed = data?.operationState?.phase === 'Failed' ? [data.operationState.message] : []
      const errors = (data?.conditions ?? [])
        .filter(({ type }) => type.endsWith('Error'))
        .map(({ message }) => message)
      return [...new Set([...failed, ...errors])].map(message => `${metadata.name}: ${message}`)
    })
