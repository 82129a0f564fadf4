import { z } from 'zod'
import type { DeclaredObject } from './declared.ts'

const object = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string().optional(),
    labels: z.record(z.string(), z.string()).optional().catch(undefined),
    annotations: z.record(z.string(), z.string()).optional().catch(undefined),
  }),
  spec: z.unknown().optional(),
  data: z.record(z.string(), z.string()).optional().catch(undefined),
})

/** Reads a document of a manifest as an object; undefined where it is none. */
export const declaredObject = (
  document: unknown,
  from: Readonly<{ file: string; base: string | null }>,
): DeclaredObject | undefined => {
  const { data } = object.safeParse(document)
  return data && { ...data, ...from, isTemplated: /\{\{/.test(JSON.stringify(data)) }
}
