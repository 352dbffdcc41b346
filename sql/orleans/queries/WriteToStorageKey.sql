with updated as (
  update orleans_storage set payload = @PayloadBinary, modified = now(), version = version + 1
  where grain_id_hash = @GrainIdHash and grain_type_hash = @GrainTypeHash and grain_id_n0 = @GrainIdN0 and grain_id_n1 = @GrainIdN1
    and service_id = @ServiceId and grain_type = @GrainTypeString and grain_id_text = coalesce(@GrainIdExtensionString, '')
    and version = @GrainStateVersion
  returning version
), inserted as (
  insert into orleans_storage
    (grain_id_hash, grain_type_hash, grain_id_n0, grain_id_n1, service_id, grain_type, grain_id_text, payload, version)
  select @GrainIdHash, @GrainTypeHash, @GrainIdN0, @GrainIdN1, @ServiceId, @GrainTypeString, coalesce(@GrainIdExtensionString, ''), @PayloadBinary, 1
  where @GrainStateVersion::integer is null
  on conflict do nothing
  returning version
)
select version as NewGrainStateVersion from updated
union all
select version from inserted
