update orleans_storage set payload = null, modified = now(), version = version + 1
where grain_id_hash = @GrainIdHash and grain_type_hash = @GrainTypeHash and grain_id_n0 = @GrainIdN0 and grain_id_n1 = @GrainIdN1
  and service_id = @ServiceId and grain_type = @GrainTypeString and grain_id_text = coalesce(@GrainIdExtensionString, '')
  and version = @GrainStateVersion
returning version as NewGrainStateVersion
