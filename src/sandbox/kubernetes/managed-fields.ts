/** Which fields one applier holds. */
export type ManagedFields = Readonly<{
  manager: string
  operation: 'Apply'
  apiVersion: string
  time: string
  fieldsType: 'FieldsV1'
  fieldsV1: Readonly<Record<string, unknown>>
}>
