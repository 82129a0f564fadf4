/** The fields that one applier, or one updater, holds. */
export type ManagedFields = Readonly<{
  manager: string
  operation: 'Apply' | 'Update'
  apiVersion: string
  time: string
  fieldsType: 'FieldsV1'
  fieldsV1: Readonly<Record<string, unknown>>
  /** Where the fields were written through, such as `status`. */
  subresource?: string
}>
