import { z } from 'zod'
import { InputError } from '../../errors.ts'
import type { Compared } from './compared.ts'
import { listed } from './value.ts'

/** The result of `oc cluster-compare` for a cluster against a reference configuration. */
export type Conformance = Readonly<{
  missing: number
  differing: number
  /** Objects of the cluster that were compared. */
  total: number
  /** Objects that no part of the reference knows. */
  unmatched: number
  /** The names that it printed of what is missing and what differs. */
  named: readonly string[]
}>

/** The call whose result is taken in; the comparison with a profile is not Sower's. It ends with 1 where it finds a difference. */
export const conformanceCall =
  'oc cluster-compare -r REFERENCE/metadata.yaml -o json > target-sno2.json'

/** The JSON that it prints; `ValidationIssuses` is spelled so there (kube-compare 5f667c7, pkg/compare/output.go, Summary and DiffSum). */
const output = z.looseObject({
  Summary: z.looseObject({
    NumMissing: z.number().int().nonnegative(),
    NumDiffCRs: z.number().int().nonnegative(),
    TotalCRs: z.number().int().nonnegative(),
    UnmatchedCRS: z.array(z.string()).nullish(),
    ValidationIssuses: z
      .record(
        z.string(),
        z.record(
          z.string(),
          z.looseObject({ Msg: z.string(), CRs: z.array(z.string()).nullish() }),
        ),
      )
      .nullish(),
  }),
  Diffs: z.array(z.looseObject({ CRName: z.string(), DiffOutput: z.string() })).nullish(),
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
  const { Summary, Diffs } = parsed.data
  const { NumMissing, NumDiffCRs, TotalCRs, UnmatchedCRS, ValidationIssuses } = Summary
  const issues = Object.values(ValidationIssuses ?? {}).flatMap(part => Object.values(part))
  return {
    ...{ missing: NumMissing, differing: NumDiffCRs, total: TotalCRs },
    unmatched: UnmatchedCRS?.length ?? 0,
    named: [
      ...issues.flatMap(({ Msg, CRs }) => (CRs ?? []).map(name => `${name} (${Msg})`)),
      ...(Diffs ?? []).flatMap(({ CRName, DiffOutput }) => (DiffOutput === '' ? [] : [CRName])),
    ],
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
      reason: 'no output of oc cluster-compare was given',
      fix: `give it with --conformance: \`${conformanceCall}\``,
    }
  const { missing, differing, total, unmatched, named } = found
  const ok = missing + differing === 0
  const names = named.length === 0 ? '' : `: ${listed(named)}`
  return {
    ...{ ...about, status: ok ? 'pass' : 'fail' },
    reason: `oc cluster-compare: ${missing} missing, ${differing} of ${total} differ, ${unmatched} not in the reference${names}`,
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
