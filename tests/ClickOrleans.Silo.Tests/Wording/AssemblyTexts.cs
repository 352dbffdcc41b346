using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Runtime.CompilerServices;

namespace ClickOrleans.Silo.Tests.Wording;

/// <summary>The string literals and public names of an assembly.</summary>
internal static class AssemblyTexts
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>
    /// All string literals of the compiled code: exception messages, the templates of generated log methods, and the text of
    /// Razor components. Comments are not part of an assembly.
    /// </summary>
    public static IReadOnlyList<string> Literals(Assembly assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly.Location));
        var metadata = file.GetMetadataReader();
        var literals = new List<string>();
        for (var handle = metadata.GetNextHandle(MetadataTokens.UserStringHandle(0));
            !handle.IsNil;
            handle = metadata.GetNextHandle(handle))
        {
            literals.Add(metadata.GetUserString(handle));
        }

        return literals;
    }

    /// <summary>Names of public types, and of their public members as <c>Type.Member</c>; generated ones are left out.</summary>
    public static IReadOnlyList<string> PublicNames(Assembly assembly) =>
    [
        .. assembly.GetExportedTypes()
            .Where(type => type.Namespace?.StartsWith("OrleansCodeGen", StringComparison.Ordinal) != true)
            .Where(type => !type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false))
            .SelectMany(type => type.GetMembers(Declared)
                .Where(member => !member.Name.Contains('<', StringComparison.Ordinal))
                .Select(member => $"{type.Name}.{member.Name}")
                .Prepend(type.Name))
            .Distinct(),
    ];
}
