import { z } from 'zod'
import { InputError } from '../../errors.ts'
import type { Compared } from './compared.ts'

/** The result of `oc cluster-compare` for a cluster against a reference configuration. */
export type Conformance = Readonly<{
  missing: number
  differing: number
  total: number
  /** Objects that no part of the reference knows. */
  unmatched: number
}>

/** The call whose result is taken in; the comparison with a profile is not Sower's. */
export const conformanceCall =
  'oc cluster-compare -r REFERENCE/metadata.yaml -o json > target-sno2.json'

/** `Summary` of its JSON (kube-compare, pkg/compare/output.go). */
const output = z.looseObject({
  Summary: z.looseObject({
    NumMissing: z.number().int().nonnegative(),
    NumDiffCRs: z.number().int().nonnegative(),
    TotalCRs: z.number().int().nonnegative(),
    UnmatchedCRS: z.array(z.string()).nullish(),
  }),
})

/** Reads what `oc cluster-compare -o json` printed. Throws InputError ARGUMENT_INVALID. */
export const readConformance = (text: string, file: string): Conformance => {
  const parsed = output.safeParse(jsonIn(text))
  if (!parsed.success)
    throw new InputError(
      'ARGUMENT_INVALID',
      `reading ${file}: this is not what \`oc cluster-compare -o json\` prints`,
      { fix: `make it with \`${conformanceCall}\`` },
    )
  const { NumMissing, NumDiffCRs, TotalCRs, UnmatchedCRS } = parsed.data.Summary
  return {
    ...{ missing: NumMissing, differing: NumDiffCRs, total: TotalCRs },
    unmatched: UnmatchedCRS?.length ?? 0,
  }
}

/** One row of a target: what was said of it, or the call that would say it. */
export const compareConformance = (found: Conformance | undefined): Compared => {
  const about = {
    ...({ id: 'profile.conformance', level: 'warn', agent: null } as const),
    ...{ seed: null, target: null, extraManifests: [] },
  }
  if (found === undefined)
    return {
      ...{ ...about, status: 'unknown' },
      reason: 'nobody gave what oc cluster-compare says of it',
      fix: `give it with --conformance: \`${conformanceCall}\``,
    }
  const { missing, differing, total, unmatched } = found
  const ok = missing + differing === 0
  return {
    ...{ ...about, status: ok ? 'pass' : 'fail' },
    reason: `oc cluster-compare: ${missing} missing, ${differing} of ${total} differ, ${unmatched} not in the reference`,
    fix: ok ? '' : 'look into what it printed',
  }
}

const jsonIn = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
