import type { EqualRow } from './equal-row.ts'
import { checkedByAgent } from './checked-by-agent.ts'
import { documentedRows } from './documented-rows.ts'
import { profileRows } from './profile-rows.ts'

/** The group "must be equal". */
export const mustBeEqual: readonly EqualRow[] = [
  ...checkedByAgent,
  ...documentedRows,
  ...profileRows,
]
