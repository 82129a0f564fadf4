/**
 * A field's name as Go's encoding/json compares it: in any case, where `ſ` is an `s` and the sign of Kelvin a `k`
 * (encoding/json/fold.go).
 */
export const foldCase = (name: string): string => name.toLowerCase().replaceAll('ſ', 's')
