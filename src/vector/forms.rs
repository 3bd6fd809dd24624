//! The instructions of vector loops: one line names one instruction in all its widths.
//!
//! In: iced's list of codes. Out: a code for a form, a width and an encoding. Invariant (tested): iced lists
//! the widths of an instruction one after the other, so that the first code says them all.

use super::asm::Size;
use iced_x86::Code::{self, *};

/// An instruction; the codes are those of its narrowest width.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Form {
    pub vex: Option<Code>,
    pub evex: Option<Code>,
    /// The width of these codes.
    pub first: Size,
}

const fn form(vex: Option<Code>, evex: Option<Code>) -> Form {
    Form { vex, evex, first: Size::X }
}

const fn wide(vex: Option<Code>, evex: Option<Code>) -> Form {
    Form { vex, evex, first: Size::Y }
}

impl Form {
    /// The code for this width: VEX where it exists and will do, else EVEX.
    pub fn code(self, size: Size, needs_evex: bool) -> Option<Code> {
        let first = match self.vex {
            Some(vex) if !needs_evex && size != Size::Z => vex,
            Some(_) | None => self.evex?,
        };
        let step = (size as usize).checked_sub(self.first as usize)?;
        Code::try_from(first as usize + step).ok()
    }
}

// Floating point.
pub const ADD_PD: Form = form(Some(VEX_Vaddpd_xmm_xmm_xmmm128), Some(EVEX_Vaddpd_xmm_k1z_xmm_xmmm128b64));
pub const ADD_PS: Form = form(Some(VEX_Vaddps_xmm_xmm_xmmm128), Some(EVEX_Vaddps_xmm_k1z_xmm_xmmm128b32));
pub const SUB_PD: Form = form(Some(VEX_Vsubpd_xmm_xmm_xmmm128), Some(EVEX_Vsubpd_xmm_k1z_xmm_xmmm128b64));
pub const SUB_PS: Form = form(Some(VEX_Vsubps_xmm_xmm_xmmm128), Some(EVEX_Vsubps_xmm_k1z_xmm_xmmm128b32));
pub const MUL_PD: Form = form(Some(VEX_Vmulpd_xmm_xmm_xmmm128), Some(EVEX_Vmulpd_xmm_k1z_xmm_xmmm128b64));
pub const MUL_PS: Form = form(Some(VEX_Vmulps_xmm_xmm_xmmm128), Some(EVEX_Vmulps_xmm_k1z_xmm_xmmm128b32));
pub const DIV_PD: Form = form(Some(VEX_Vdivpd_xmm_xmm_xmmm128), Some(EVEX_Vdivpd_xmm_k1z_xmm_xmmm128b64));
pub const DIV_PS: Form = form(Some(VEX_Vdivps_xmm_xmm_xmmm128), Some(EVEX_Vdivps_xmm_k1z_xmm_xmmm128b32));
pub const MIN_PD: Form = form(Some(VEX_Vminpd_xmm_xmm_xmmm128), Some(EVEX_Vminpd_xmm_k1z_xmm_xmmm128b64));
pub const MIN_PS: Form = form(Some(VEX_Vminps_xmm_xmm_xmmm128), Some(EVEX_Vminps_xmm_k1z_xmm_xmmm128b32));
pub const MAX_PD: Form = form(Some(VEX_Vmaxpd_xmm_xmm_xmmm128), Some(EVEX_Vmaxpd_xmm_k1z_xmm_xmmm128b64));
pub const MAX_PS: Form = form(Some(VEX_Vmaxps_xmm_xmm_xmmm128), Some(EVEX_Vmaxps_xmm_k1z_xmm_xmmm128b32));
pub const SQRT_PD: Form = form(Some(VEX_Vsqrtpd_xmm_xmmm128), Some(EVEX_Vsqrtpd_xmm_k1z_xmmm128b64));
pub const SQRT_PS: Form = form(Some(VEX_Vsqrtps_xmm_xmmm128), Some(EVEX_Vsqrtps_xmm_k1z_xmmm128b32));
pub const ROUND_PD: Form =
    form(Some(VEX_Vroundpd_xmm_xmmm128_imm8), Some(EVEX_Vrndscalepd_xmm_k1z_xmmm128b64_imm8));
pub const ROUND_PS: Form =
    form(Some(VEX_Vroundps_xmm_xmmm128_imm8), Some(EVEX_Vrndscaleps_xmm_k1z_xmmm128b32_imm8));
pub const FMADD132_PD: Form =
    form(Some(VEX_Vfmadd132pd_xmm_xmm_xmmm128), Some(EVEX_Vfmadd132pd_xmm_k1z_xmm_xmmm128b64));
pub const FMADD132_PS: Form =
    form(Some(VEX_Vfmadd132ps_xmm_xmm_xmmm128), Some(EVEX_Vfmadd132ps_xmm_k1z_xmm_xmmm128b32));
pub const FMSUB132_PD: Form =
    form(Some(VEX_Vfmsub132pd_xmm_xmm_xmmm128), Some(EVEX_Vfmsub132pd_xmm_k1z_xmm_xmmm128b64));
pub const FMSUB132_PS: Form =
    form(Some(VEX_Vfmsub132ps_xmm_xmm_xmmm128), Some(EVEX_Vfmsub132ps_xmm_k1z_xmm_xmmm128b32));
pub const FNMADD132_PD: Form =
    form(Some(VEX_Vfnmadd132pd_xmm_xmm_xmmm128), Some(EVEX_Vfnmadd132pd_xmm_k1z_xmm_xmmm128b64));
pub const FNMADD132_PS: Form =
    form(Some(VEX_Vfnmadd132ps_xmm_xmm_xmmm128), Some(EVEX_Vfnmadd132ps_xmm_k1z_xmm_xmmm128b32));
pub const FNMSUB132_PD: Form =
    form(Some(VEX_Vfnmsub132pd_xmm_xmm_xmmm128), Some(EVEX_Vfnmsub132pd_xmm_k1z_xmm_xmmm128b64));
pub const FNMSUB132_PS: Form =
    form(Some(VEX_Vfnmsub132ps_xmm_xmm_xmmm128), Some(EVEX_Vfnmsub132ps_xmm_k1z_xmm_xmmm128b32));
pub const FMADD213_PD: Form =
    form(Some(VEX_Vfmadd213pd_xmm_xmm_xmmm128), Some(EVEX_Vfmadd213pd_xmm_k1z_xmm_xmmm128b64));
pub const FMADD213_PS: Form =
    form(Some(VEX_Vfmadd213ps_xmm_xmm_xmmm128), Some(EVEX_Vfmadd213ps_xmm_k1z_xmm_xmmm128b32));
pub const FMADD231_PD: Form =
    form(Some(VEX_Vfmadd231pd_xmm_xmm_xmmm128), Some(EVEX_Vfmadd231pd_xmm_k1z_xmm_xmmm128b64));
pub const FMADD231_PS: Form =
    form(Some(VEX_Vfmadd231ps_xmm_xmm_xmmm128), Some(EVEX_Vfmadd231ps_xmm_k1z_xmm_xmmm128b32));
pub const FMSUB213_PD: Form =
    form(Some(VEX_Vfmsub213pd_xmm_xmm_xmmm128), Some(EVEX_Vfmsub213pd_xmm_k1z_xmm_xmmm128b64));
pub const FMSUB213_PS: Form =
    form(Some(VEX_Vfmsub213ps_xmm_xmm_xmmm128), Some(EVEX_Vfmsub213ps_xmm_k1z_xmm_xmmm128b32));
pub const FMSUB231_PD: Form =
    form(Some(VEX_Vfmsub231pd_xmm_xmm_xmmm128), Some(EVEX_Vfmsub231pd_xmm_k1z_xmm_xmmm128b64));
pub const FMSUB231_PS: Form =
    form(Some(VEX_Vfmsub231ps_xmm_xmm_xmmm128), Some(EVEX_Vfmsub231ps_xmm_k1z_xmm_xmmm128b32));
pub const FNMADD213_PD: Form =
    form(Some(VEX_Vfnmadd213pd_xmm_xmm_xmmm128), Some(EVEX_Vfnmadd213pd_xmm_k1z_xmm_xmmm128b64));
pub const FNMADD213_PS: Form =
    form(Some(VEX_Vfnmadd213ps_xmm_xmm_xmmm128), Some(EVEX_Vfnmadd213ps_xmm_k1z_xmm_xmmm128b32));
pub const FNMADD231_PD: Form =
    form(Some(VEX_Vfnmadd231pd_xmm_xmm_xmmm128), Some(EVEX_Vfnmadd231pd_xmm_k1z_xmm_xmmm128b64));
pub const FNMADD231_PS: Form =
    form(Some(VEX_Vfnmadd231ps_xmm_xmm_xmmm128), Some(EVEX_Vfnmadd231ps_xmm_k1z_xmm_xmmm128b32));
pub const FNMSUB213_PD: Form =
    form(Some(VEX_Vfnmsub213pd_xmm_xmm_xmmm128), Some(EVEX_Vfnmsub213pd_xmm_k1z_xmm_xmmm128b64));
pub const FNMSUB213_PS: Form =
    form(Some(VEX_Vfnmsub213ps_xmm_xmm_xmmm128), Some(EVEX_Vfnmsub213ps_xmm_k1z_xmm_xmmm128b32));
pub const FNMSUB231_PD: Form =
    form(Some(VEX_Vfnmsub231pd_xmm_xmm_xmmm128), Some(EVEX_Vfnmsub231pd_xmm_k1z_xmm_xmmm128b64));
pub const FNMSUB231_PS: Form =
    form(Some(VEX_Vfnmsub231ps_xmm_xmm_xmmm128), Some(EVEX_Vfnmsub231ps_xmm_k1z_xmm_xmmm128b32));
pub const ADD_SD: Form = form(Some(VEX_Vaddsd_xmm_xmm_xmmm64), Some(EVEX_Vaddsd_xmm_k1z_xmm_xmmm64_er));
pub const ADD_SS: Form = form(Some(VEX_Vaddss_xmm_xmm_xmmm32), Some(EVEX_Vaddss_xmm_k1z_xmm_xmmm32_er));
pub const MUL_SD: Form = form(Some(VEX_Vmulsd_xmm_xmm_xmmm64), Some(EVEX_Vmulsd_xmm_k1z_xmm_xmmm64_er));
pub const MUL_SS: Form = form(Some(VEX_Vmulss_xmm_xmm_xmmm32), Some(EVEX_Vmulss_xmm_k1z_xmm_xmmm32_er));

// Integers.
pub const PADD_B: Form = form(Some(VEX_Vpaddb_xmm_xmm_xmmm128), Some(EVEX_Vpaddb_xmm_k1z_xmm_xmmm128));
pub const PADD_W: Form = form(Some(VEX_Vpaddw_xmm_xmm_xmmm128), Some(EVEX_Vpaddw_xmm_k1z_xmm_xmmm128));
pub const PADD_D: Form = form(Some(VEX_Vpaddd_xmm_xmm_xmmm128), Some(EVEX_Vpaddd_xmm_k1z_xmm_xmmm128b32));
pub const PADD_Q: Form = form(Some(VEX_Vpaddq_xmm_xmm_xmmm128), Some(EVEX_Vpaddq_xmm_k1z_xmm_xmmm128b64));
pub const PSUB_B: Form = form(Some(VEX_Vpsubb_xmm_xmm_xmmm128), Some(EVEX_Vpsubb_xmm_k1z_xmm_xmmm128));
pub const PSUB_W: Form = form(Some(VEX_Vpsubw_xmm_xmm_xmmm128), Some(EVEX_Vpsubw_xmm_k1z_xmm_xmmm128));
pub const PSUB_D: Form = form(Some(VEX_Vpsubd_xmm_xmm_xmmm128), Some(EVEX_Vpsubd_xmm_k1z_xmm_xmmm128b32));
pub const PSUB_Q: Form = form(Some(VEX_Vpsubq_xmm_xmm_xmmm128), Some(EVEX_Vpsubq_xmm_k1z_xmm_xmmm128b64));
pub const PMULL_W: Form = form(Some(VEX_Vpmullw_xmm_xmm_xmmm128), Some(EVEX_Vpmullw_xmm_k1z_xmm_xmmm128));
pub const PMULL_D: Form = form(Some(VEX_Vpmulld_xmm_xmm_xmmm128), Some(EVEX_Vpmulld_xmm_k1z_xmm_xmmm128b32));
pub const PMULL_Q: Form = form(None, Some(EVEX_Vpmullq_xmm_k1z_xmm_xmmm128b64));
pub const PMULU_DQ: Form =
    form(Some(VEX_Vpmuludq_xmm_xmm_xmmm128), Some(EVEX_Vpmuludq_xmm_k1z_xmm_xmmm128b64));
pub const PMINS_B: Form = form(Some(VEX_Vpminsb_xmm_xmm_xmmm128), Some(EVEX_Vpminsb_xmm_k1z_xmm_xmmm128));
pub const PMINS_W: Form = form(Some(VEX_Vpminsw_xmm_xmm_xmmm128), Some(EVEX_Vpminsw_xmm_k1z_xmm_xmmm128));
pub const PMINS_D: Form = form(Some(VEX_Vpminsd_xmm_xmm_xmmm128), Some(EVEX_Vpminsd_xmm_k1z_xmm_xmmm128b32));
pub const PMINS_Q: Form = form(None, Some(EVEX_Vpminsq_xmm_k1z_xmm_xmmm128b64));
pub const PMAXS_B: Form = form(Some(VEX_Vpmaxsb_xmm_xmm_xmmm128), Some(EVEX_Vpmaxsb_xmm_k1z_xmm_xmmm128));
pub const PMAXS_W: Form = form(Some(VEX_Vpmaxsw_xmm_xmm_xmmm128), Some(EVEX_Vpmaxsw_xmm_k1z_xmm_xmmm128));
pub const PMAXS_D: Form = form(Some(VEX_Vpmaxsd_xmm_xmm_xmmm128), Some(EVEX_Vpmaxsd_xmm_k1z_xmm_xmmm128b32));
pub const PMAXS_Q: Form = form(None, Some(EVEX_Vpmaxsq_xmm_k1z_xmm_xmmm128b64));
pub const PMINU_B: Form = form(Some(VEX_Vpminub_xmm_xmm_xmmm128), Some(EVEX_Vpminub_xmm_k1z_xmm_xmmm128));
pub const PMINU_W: Form = form(Some(VEX_Vpminuw_xmm_xmm_xmmm128), Some(EVEX_Vpminuw_xmm_k1z_xmm_xmmm128));
pub const PMINU_D: Form = form(Some(VEX_Vpminud_xmm_xmm_xmmm128), Some(EVEX_Vpminud_xmm_k1z_xmm_xmmm128b32));
pub const PMINU_Q: Form = form(None, Some(EVEX_Vpminuq_xmm_k1z_xmm_xmmm128b64));
pub const PMAXU_B: Form = form(Some(VEX_Vpmaxub_xmm_xmm_xmmm128), Some(EVEX_Vpmaxub_xmm_k1z_xmm_xmmm128));
pub const PMAXU_W: Form = form(Some(VEX_Vpmaxuw_xmm_xmm_xmmm128), Some(EVEX_Vpmaxuw_xmm_k1z_xmm_xmmm128));
pub const PMAXU_D: Form = form(Some(VEX_Vpmaxud_xmm_xmm_xmmm128), Some(EVEX_Vpmaxud_xmm_k1z_xmm_xmmm128b32));
pub const PMAXU_Q: Form = form(None, Some(EVEX_Vpmaxuq_xmm_k1z_xmm_xmmm128b64));
pub const PAND: Form = form(Some(VEX_Vpand_xmm_xmm_xmmm128), Some(EVEX_Vpandq_xmm_k1z_xmm_xmmm128b64));
pub const POR: Form = form(Some(VEX_Vpor_xmm_xmm_xmmm128), Some(EVEX_Vporq_xmm_k1z_xmm_xmmm128b64));
pub const PXOR: Form = form(Some(VEX_Vpxor_xmm_xmm_xmmm128), Some(EVEX_Vpxorq_xmm_k1z_xmm_xmmm128b64));

// Shifts: by lanes, then by a number.
pub const PSLLV_W: Form = form(None, Some(EVEX_Vpsllvw_xmm_k1z_xmm_xmmm128));
pub const PSLLV_D: Form = form(Some(VEX_Vpsllvd_xmm_xmm_xmmm128), Some(EVEX_Vpsllvd_xmm_k1z_xmm_xmmm128b32));
pub const PSLLV_Q: Form = form(Some(VEX_Vpsllvq_xmm_xmm_xmmm128), Some(EVEX_Vpsllvq_xmm_k1z_xmm_xmmm128b64));
pub const PSRLV_W: Form = form(None, Some(EVEX_Vpsrlvw_xmm_k1z_xmm_xmmm128));
pub const PSRLV_D: Form = form(Some(VEX_Vpsrlvd_xmm_xmm_xmmm128), Some(EVEX_Vpsrlvd_xmm_k1z_xmm_xmmm128b32));
pub const PSRLV_Q: Form = form(Some(VEX_Vpsrlvq_xmm_xmm_xmmm128), Some(EVEX_Vpsrlvq_xmm_k1z_xmm_xmmm128b64));
pub const PSRAV_W: Form = form(None, Some(EVEX_Vpsravw_xmm_k1z_xmm_xmmm128));
pub const PSRAV_D: Form = form(Some(VEX_Vpsravd_xmm_xmm_xmmm128), Some(EVEX_Vpsravd_xmm_k1z_xmm_xmmm128b32));
pub const PSRAV_Q: Form = form(None, Some(EVEX_Vpsravq_xmm_k1z_xmm_xmmm128b64));
pub const PSLL_W: Form = form(Some(VEX_Vpsllw_xmm_xmm_imm8), Some(EVEX_Vpsllw_xmm_k1z_xmmm128_imm8));
pub const PSLL_D: Form = form(Some(VEX_Vpslld_xmm_xmm_imm8), Some(EVEX_Vpslld_xmm_k1z_xmmm128b32_imm8));
pub const PSLL_Q: Form = form(Some(VEX_Vpsllq_xmm_xmm_imm8), Some(EVEX_Vpsllq_xmm_k1z_xmmm128b64_imm8));
pub const PSRL_W: Form = form(Some(VEX_Vpsrlw_xmm_xmm_imm8), Some(EVEX_Vpsrlw_xmm_k1z_xmmm128_imm8));
pub const PSRL_D: Form = form(Some(VEX_Vpsrld_xmm_xmm_imm8), Some(EVEX_Vpsrld_xmm_k1z_xmmm128b32_imm8));
pub const PSRL_Q: Form = form(Some(VEX_Vpsrlq_xmm_xmm_imm8), Some(EVEX_Vpsrlq_xmm_k1z_xmmm128b64_imm8));
pub const PSRA_W: Form = form(Some(VEX_Vpsraw_xmm_xmm_imm8), Some(EVEX_Vpsraw_xmm_k1z_xmmm128_imm8));
pub const PSRA_D: Form = form(Some(VEX_Vpsrad_xmm_xmm_imm8), Some(EVEX_Vpsrad_xmm_k1z_xmmm128b32_imm8));
pub const PSRA_Q: Form = form(None, Some(EVEX_Vpsraq_xmm_k1z_xmmm128b64_imm8));

// Comparisons: into a vector (VEX) or into a mask register (EVEX).
pub const PCMPEQ_B: Form = form(Some(VEX_Vpcmpeqb_xmm_xmm_xmmm128), None);
pub const PCMPEQ_W: Form = form(Some(VEX_Vpcmpeqw_xmm_xmm_xmmm128), None);
pub const PCMPEQ_D: Form = form(Some(VEX_Vpcmpeqd_xmm_xmm_xmmm128), None);
pub const PCMPEQ_Q: Form = form(Some(VEX_Vpcmpeqq_xmm_xmm_xmmm128), None);
pub const PCMPGT_B: Form = form(Some(VEX_Vpcmpgtb_xmm_xmm_xmmm128), None);
pub const PCMPGT_W: Form = form(Some(VEX_Vpcmpgtw_xmm_xmm_xmmm128), None);
pub const PCMPGT_D: Form = form(Some(VEX_Vpcmpgtd_xmm_xmm_xmmm128), None);
pub const PCMPGT_Q: Form = form(Some(VEX_Vpcmpgtq_xmm_xmm_xmmm128), None);
pub const PCMP_B: Form = form(None, Some(EVEX_Vpcmpb_kr_k1_xmm_xmmm128_imm8));
pub const PCMP_W: Form = form(None, Some(EVEX_Vpcmpw_kr_k1_xmm_xmmm128_imm8));
pub const PCMP_D: Form = form(None, Some(EVEX_Vpcmpd_kr_k1_xmm_xmmm128b32_imm8));
pub const PCMP_Q: Form = form(None, Some(EVEX_Vpcmpq_kr_k1_xmm_xmmm128b64_imm8));
pub const PCMP_UB: Form = form(None, Some(EVEX_Vpcmpub_kr_k1_xmm_xmmm128_imm8));
pub const PCMP_UW: Form = form(None, Some(EVEX_Vpcmpuw_kr_k1_xmm_xmmm128_imm8));
pub const PCMP_UD: Form = form(None, Some(EVEX_Vpcmpud_kr_k1_xmm_xmmm128b32_imm8));
pub const PCMP_UQ: Form = form(None, Some(EVEX_Vpcmpuq_kr_k1_xmm_xmmm128b64_imm8));
pub const CMP_PD: Form =
    form(Some(VEX_Vcmppd_xmm_xmm_xmmm128_imm8), Some(EVEX_Vcmppd_kr_k1_xmm_xmmm128b64_imm8));
pub const CMP_PS: Form =
    form(Some(VEX_Vcmpps_xmm_xmm_xmmm128_imm8), Some(EVEX_Vcmpps_kr_k1_xmm_xmmm128b32_imm8));
pub const PTESTM_B: Form = form(None, Some(EVEX_Vptestmb_kr_k1_xmm_xmmm128));
pub const PTESTM_W: Form = form(None, Some(EVEX_Vptestmw_kr_k1_xmm_xmmm128));
pub const PTESTM_D: Form = form(None, Some(EVEX_Vptestmd_kr_k1_xmm_xmmm128b32));
pub const PTESTM_Q: Form = form(None, Some(EVEX_Vptestmq_kr_k1_xmm_xmmm128b64));

// Sums of absolute differences of eight bytes.
pub const PSAD_BW: Form = form(Some(VEX_Vpsadbw_xmm_xmm_xmmm128), Some(EVEX_Vpsadbw_xmm_xmm_xmmm128));

// All bits of the second operand against the first: flags.
pub const PTEST: Form = form(Some(VEX_Vptest_xmm_xmmm128), None);

// Choice among two, by a vector or by a mask register.
pub const PBLENDV: Form = form(Some(VEX_Vpblendvb_xmm_xmm_xmmm128_xmm), None);
pub const PBLENDM_B: Form = form(None, Some(EVEX_Vpblendmb_xmm_k1z_xmm_xmmm128));
pub const PBLENDM_W: Form = form(None, Some(EVEX_Vpblendmw_xmm_k1z_xmm_xmmm128));
pub const PBLENDM_D: Form = form(None, Some(EVEX_Vpblendmd_xmm_k1z_xmm_xmmm128b32));
pub const PBLENDM_Q: Form = form(None, Some(EVEX_Vpblendmq_xmm_k1z_xmm_xmmm128b64));

// Conversions. The row is that of the wider side.
pub const PMOVSX_BW: Form = form(Some(VEX_Vpmovsxbw_xmm_xmmm64), Some(EVEX_Vpmovsxbw_xmm_k1z_xmmm64));
pub const PMOVZX_BW: Form = form(Some(VEX_Vpmovzxbw_xmm_xmmm64), Some(EVEX_Vpmovzxbw_xmm_k1z_xmmm64));
pub const PMOVSX_BD: Form = form(Some(VEX_Vpmovsxbd_xmm_xmmm32), Some(EVEX_Vpmovsxbd_xmm_k1z_xmmm32));
pub const PMOVZX_BD: Form = form(Some(VEX_Vpmovzxbd_xmm_xmmm32), Some(EVEX_Vpmovzxbd_xmm_k1z_xmmm32));
pub const PMOVSX_BQ: Form = form(Some(VEX_Vpmovsxbq_xmm_xmmm16), Some(EVEX_Vpmovsxbq_xmm_k1z_xmmm16));
pub const PMOVZX_BQ: Form = form(Some(VEX_Vpmovzxbq_xmm_xmmm16), Some(EVEX_Vpmovzxbq_xmm_k1z_xmmm16));
pub const PMOVSX_WD: Form = form(Some(VEX_Vpmovsxwd_xmm_xmmm64), Some(EVEX_Vpmovsxwd_xmm_k1z_xmmm64));
pub const PMOVZX_WD: Form = form(Some(VEX_Vpmovzxwd_xmm_xmmm64), Some(EVEX_Vpmovzxwd_xmm_k1z_xmmm64));
pub const PMOVSX_WQ: Form = form(Some(VEX_Vpmovsxwq_xmm_xmmm32), Some(EVEX_Vpmovsxwq_xmm_k1z_xmmm32));
pub const PMOVZX_WQ: Form = form(Some(VEX_Vpmovzxwq_xmm_xmmm32), Some(EVEX_Vpmovzxwq_xmm_k1z_xmmm32));
pub const PMOVSX_DQ: Form = form(Some(VEX_Vpmovsxdq_xmm_xmmm64), Some(EVEX_Vpmovsxdq_xmm_k1z_xmmm64));
pub const PMOVZX_DQ: Form = form(Some(VEX_Vpmovzxdq_xmm_xmmm64), Some(EVEX_Vpmovzxdq_xmm_k1z_xmmm64));
pub const PMOV_QB: Form = form(None, Some(EVEX_Vpmovqb_xmmm16_k1z_xmm));
pub const PMOV_QW: Form = form(None, Some(EVEX_Vpmovqw_xmmm32_k1z_xmm));
pub const PMOV_QD: Form = form(None, Some(EVEX_Vpmovqd_xmmm64_k1z_xmm));
pub const PMOV_DB: Form = form(None, Some(EVEX_Vpmovdb_xmmm32_k1z_xmm));
pub const PMOV_DW: Form = form(None, Some(EVEX_Vpmovdw_xmmm64_k1z_xmm));
pub const PMOV_WB: Form = form(None, Some(EVEX_Vpmovwb_xmmm64_k1z_xmm));
pub const CVT_DQ2PD: Form = form(Some(VEX_Vcvtdq2pd_xmm_xmmm64), Some(EVEX_Vcvtdq2pd_xmm_k1z_xmmm64b32));
pub const CVT_DQ2PS: Form = form(Some(VEX_Vcvtdq2ps_xmm_xmmm128), Some(EVEX_Vcvtdq2ps_xmm_k1z_xmmm128b32));
pub const CVT_PS2PD: Form = form(Some(VEX_Vcvtps2pd_xmm_xmmm64), Some(EVEX_Vcvtps2pd_xmm_k1z_xmmm64b32));
pub const CVT_PD2PS: Form = form(Some(VEX_Vcvtpd2ps_xmm_xmmm128), Some(EVEX_Vcvtpd2ps_xmm_k1z_xmmm128b64));
pub const CVT_QQ2PD: Form = form(None, Some(EVEX_Vcvtqq2pd_xmm_k1z_xmmm128b64));
pub const CVT_QQ2PS: Form = form(None, Some(EVEX_Vcvtqq2ps_xmm_k1z_xmmm128b64));
pub const CVT_UDQ2PD: Form = form(None, Some(EVEX_Vcvtudq2pd_xmm_k1z_xmmm64b32));
pub const CVT_UDQ2PS: Form = form(None, Some(EVEX_Vcvtudq2ps_xmm_k1z_xmmm128b32));
pub const CVT_UQQ2PD: Form = form(None, Some(EVEX_Vcvtuqq2pd_xmm_k1z_xmmm128b64));
pub const CVT_UQQ2PS: Form = form(None, Some(EVEX_Vcvtuqq2ps_xmm_k1z_xmmm128b64));
pub const CVTT_PD2DQ: Form = form(Some(VEX_Vcvttpd2dq_xmm_xmmm128), Some(EVEX_Vcvttpd2dq_xmm_k1z_xmmm128b64));
pub const CVTT_PS2DQ: Form = form(Some(VEX_Vcvttps2dq_xmm_xmmm128), Some(EVEX_Vcvttps2dq_xmm_k1z_xmmm128b32));
pub const CVTT_PD2QQ: Form = form(None, Some(EVEX_Vcvttpd2qq_xmm_k1z_xmmm128b64));
pub const CVTT_PD2UDQ: Form = form(None, Some(EVEX_Vcvttpd2udq_xmm_k1z_xmmm128b64));
pub const CVTT_PS2UDQ: Form = form(None, Some(EVEX_Vcvttps2udq_xmm_k1z_xmmm128b32));
pub const CVTT_PD2UQQ: Form = form(None, Some(EVEX_Vcvttpd2uqq_xmm_k1z_xmmm128b64));
pub const CVTT_SD2SI: Form = form(Some(VEX_Vcvttsd2si_r64_xmmm64), Some(EVEX_Vcvttsd2si_r64_xmmm64_sae));

// Moving lanes.
pub const PACKSS_DW: Form =
    form(Some(VEX_Vpackssdw_xmm_xmm_xmmm128), Some(EVEX_Vpackssdw_xmm_k1z_xmm_xmmm128b32));
pub const PACKSS_WB: Form =
    form(Some(VEX_Vpacksswb_xmm_xmm_xmmm128), Some(EVEX_Vpacksswb_xmm_k1z_xmm_xmmm128));
pub const PACKUS_DW: Form =
    form(Some(VEX_Vpackusdw_xmm_xmm_xmmm128), Some(EVEX_Vpackusdw_xmm_k1z_xmm_xmmm128b32));
pub const PACKUS_WB: Form =
    form(Some(VEX_Vpackuswb_xmm_xmm_xmmm128), Some(EVEX_Vpackuswb_xmm_k1z_xmm_xmmm128));
pub const PSHUFB: Form = form(Some(VEX_Vpshufb_xmm_xmm_xmmm128), Some(EVEX_Vpshufb_xmm_k1z_xmm_xmmm128));
pub const PERMT2_W: Form = form(None, Some(EVEX_Vpermt2w_xmm_k1z_xmm_xmmm128));
pub const PERMT2_D: Form = form(None, Some(EVEX_Vpermt2d_xmm_k1z_xmm_xmmm128b32));
pub const PERMT2_Q: Form = form(None, Some(EVEX_Vpermt2q_xmm_k1z_xmm_xmmm128b64));
pub const PSHUF_D: Form =
    form(Some(VEX_Vpshufd_xmm_xmmm128_imm8), Some(EVEX_Vpshufd_xmm_k1z_xmmm128b32_imm8));
pub const SHUF_PS: Form =
    form(Some(VEX_Vshufps_xmm_xmm_xmmm128_imm8), Some(EVEX_Vshufps_xmm_k1z_xmm_xmmm128b32_imm8));
pub const PBLEND_W: Form = form(Some(VEX_Vpblendw_xmm_xmm_xmmm128_imm8), None);
pub const PBROADCAST_B: Form = form(Some(VEX_Vpbroadcastb_xmm_xmmm8), Some(EVEX_Vpbroadcastb_xmm_k1z_xmmm8));
pub const PBROADCAST_W: Form =
    form(Some(VEX_Vpbroadcastw_xmm_xmmm16), Some(EVEX_Vpbroadcastw_xmm_k1z_xmmm16));
pub const PBROADCAST_D: Form =
    form(Some(VEX_Vpbroadcastd_xmm_xmmm32), Some(EVEX_Vpbroadcastd_xmm_k1z_xmmm32));
pub const PBROADCAST_Q: Form =
    form(Some(VEX_Vpbroadcastq_xmm_xmmm64), Some(EVEX_Vpbroadcastq_xmm_k1z_xmmm64));
pub const PINSR_B: Form = form(Some(VEX_Vpinsrb_xmm_xmm_r32m8_imm8), Some(EVEX_Vpinsrb_xmm_xmm_r32m8_imm8));
pub const PINSR_W: Form = form(Some(VEX_Vpinsrw_xmm_xmm_r32m16_imm8), Some(EVEX_Vpinsrw_xmm_xmm_r32m16_imm8));
pub const PINSR_D: Form = form(Some(VEX_Vpinsrd_xmm_xmm_rm32_imm8), Some(EVEX_Vpinsrd_xmm_xmm_rm32_imm8));
pub const PINSR_Q: Form = form(Some(VEX_Vpinsrq_xmm_xmm_rm64_imm8), Some(EVEX_Vpinsrq_xmm_xmm_rm64_imm8));
pub const PEXTR_B: Form = form(Some(VEX_Vpextrb_r32m8_xmm_imm8), Some(EVEX_Vpextrb_r32m8_xmm_imm8));
pub const PEXTR_W: Form = form(Some(VEX_Vpextrw_r32m16_xmm_imm8), Some(EVEX_Vpextrw_r32m16_xmm_imm8));
pub const PEXTR_D: Form = form(Some(VEX_Vpextrd_rm32_xmm_imm8), Some(EVEX_Vpextrd_rm32_xmm_imm8));
pub const PEXTR_Q: Form = form(Some(VEX_Vpextrq_rm64_xmm_imm8), Some(EVEX_Vpextrq_rm64_xmm_imm8));
pub const MOV_D_TO: Form = form(Some(VEX_Vmovd_xmm_rm32), Some(EVEX_Vmovd_xmm_rm32));
pub const MOV_D_FROM: Form = form(Some(VEX_Vmovd_rm32_xmm), Some(EVEX_Vmovd_rm32_xmm));
pub const MOV_Q_TO: Form = form(Some(VEX_Vmovq_xmm_rm64), Some(EVEX_Vmovq_xmm_rm64));
pub const MOV_Q_FROM: Form = form(Some(VEX_Vmovq_rm64_xmm), Some(EVEX_Vmovq_rm64_xmm));

// Memory.
pub const MOV_LOAD: Form = form(Some(VEX_Vmovups_xmm_xmmm128), Some(EVEX_Vmovups_xmm_k1z_xmmm128));
pub const MOV_STORE: Form = form(Some(VEX_Vmovups_xmmm128_xmm), Some(EVEX_Vmovups_xmmm128_k1z_xmm));
pub const MOVDQU8_LOAD: Form = form(None, Some(EVEX_Vmovdqu8_xmm_k1z_xmmm128));
pub const MOVDQU16_LOAD: Form = form(None, Some(EVEX_Vmovdqu16_xmm_k1z_xmmm128));
pub const MOVDQU32_LOAD: Form = form(None, Some(EVEX_Vmovdqu32_xmm_k1z_xmmm128));
pub const MOVDQU64_LOAD: Form = form(None, Some(EVEX_Vmovdqu64_xmm_k1z_xmmm128));
pub const MOVDQU8_STORE: Form = form(None, Some(EVEX_Vmovdqu8_xmmm128_k1z_xmm));
pub const MOVDQU16_STORE: Form = form(None, Some(EVEX_Vmovdqu16_xmmm128_k1z_xmm));
pub const MOVDQU32_STORE: Form = form(None, Some(EVEX_Vmovdqu32_xmmm128_k1z_xmm));
pub const MOVDQU64_STORE: Form = form(None, Some(EVEX_Vmovdqu64_xmmm128_k1z_xmm));
pub const PMASKMOV_D_LOAD: Form = form(Some(VEX_Vpmaskmovd_xmm_xmm_m128), None);
pub const PMASKMOV_Q_LOAD: Form = form(Some(VEX_Vpmaskmovq_xmm_xmm_m128), None);
pub const PMASKMOV_D_STORE: Form = form(Some(VEX_Vpmaskmovd_m128_xmm_xmm), None);
pub const PMASKMOV_Q_STORE: Form = form(Some(VEX_Vpmaskmovq_m128_xmm_xmm), None);

// From 256 bits on.
pub const EXTRACT_128: Form =
    wide(Some(VEX_Vextracti128_xmmm128_ymm_imm8), Some(EVEX_Vextracti32x4_xmmm128_k1z_ymm_imm8));
pub const INSERT_128: Form =
    wide(Some(VEX_Vinserti128_ymm_ymm_xmmm128_imm8), Some(EVEX_Vinserti32x4_ymm_k1z_ymm_xmmm128_imm8));
pub const BROADCAST_128: Form =
    wide(Some(VEX_Vbroadcasti128_ymm_m128), Some(EVEX_Vbroadcasti32x4_ymm_k1z_m128));
pub const PERM_Q: Form = wide(Some(VEX_Vpermq_ymm_ymmm256_imm8), Some(EVEX_Vpermq_ymm_k1z_ymmm256b64_imm8));
pub const SHUF_128: Form = wide(None, Some(EVEX_Vshufi64x2_ymm_k1z_ymm_ymmm256b64_imm8));

#[cfg(test)]
mod tests {
    use super::*;

    /// All forms that exist in several widths.
    const ALL: [Form; 170] = [
        ADD_PD,
        ADD_PS,
        SUB_PD,
        SUB_PS,
        MUL_PD,
        MUL_PS,
        DIV_PD,
        DIV_PS,
        MIN_PD,
        MIN_PS,
        MAX_PD,
        MAX_PS,
        SQRT_PD,
        SQRT_PS,
        ROUND_PD,
        ROUND_PS,
        FMADD213_PD,
        FMADD213_PS,
        FMADD231_PD,
        FMADD231_PS,
        FMSUB213_PD,
        FMSUB213_PS,
        FMSUB231_PD,
        FMSUB231_PS,
        PADD_B,
        PADD_W,
        PADD_D,
        PADD_Q,
        PSUB_B,
        PSUB_W,
        PSUB_D,
        PSUB_Q,
        PMULL_W,
        PMULL_D,
        PMULL_Q,
        PMULU_DQ,
        PMINS_B,
        PMINS_W,
        PMINS_D,
        PMINS_Q,
        PMAXS_B,
        PMAXS_W,
        PMAXS_D,
        PMAXS_Q,
        PMINU_B,
        PMINU_W,
        PMINU_D,
        PMINU_Q,
        PMAXU_B,
        PMAXU_W,
        PMAXU_D,
        PMAXU_Q,
        PAND,
        POR,
        PXOR,
        PSLLV_W,
        PSLLV_D,
        PSLLV_Q,
        PSRLV_W,
        PSRLV_D,
        PSRLV_Q,
        PSRAV_W,
        PSRAV_D,
        PSRAV_Q,
        PSLL_W,
        PSLL_D,
        PSLL_Q,
        PSRL_W,
        PSRL_D,
        PSRL_Q,
        PSRA_W,
        PSRA_D,
        PSRA_Q,
        PCMPEQ_B,
        PCMPEQ_W,
        PCMPEQ_D,
        PCMPEQ_Q,
        PCMPGT_B,
        PCMPGT_W,
        PCMPGT_D,
        PCMPGT_Q,
        PCMP_B,
        PCMP_W,
        PCMP_D,
        PCMP_Q,
        PCMP_UB,
        PCMP_UW,
        PCMP_UD,
        PCMP_UQ,
        CMP_PD,
        CMP_PS,
        PTESTM_B,
        PTESTM_W,
        PTESTM_D,
        PTESTM_Q,
        PSAD_BW,
        PTEST,
        PBLENDV,
        PBLENDM_B,
        PBLENDM_W,
        PBLENDM_D,
        PBLENDM_Q,
        PMOVSX_BW,
        PMOVZX_BW,
        PMOVSX_BD,
        PMOVZX_BD,
        PMOVSX_BQ,
        PMOVZX_BQ,
        PMOVSX_WD,
        PMOVZX_WD,
        PMOVSX_WQ,
        PMOVZX_WQ,
        PMOVSX_DQ,
        PMOVZX_DQ,
        PMOV_QB,
        PMOV_QW,
        PMOV_QD,
        PMOV_DB,
        PMOV_DW,
        PMOV_WB,
        CVT_DQ2PD,
        CVT_DQ2PS,
        CVT_PS2PD,
        CVT_PD2PS,
        CVT_QQ2PD,
        CVT_QQ2PS,
        CVT_UDQ2PD,
        CVT_UDQ2PS,
        CVT_UQQ2PD,
        CVT_UQQ2PS,
        CVTT_PD2DQ,
        CVTT_PS2DQ,
        CVTT_PD2QQ,
        CVTT_PD2UDQ,
        CVTT_PS2UDQ,
        CVTT_PD2UQQ,
        PACKSS_DW,
        PACKSS_WB,
        PACKUS_DW,
        PACKUS_WB,
        PSHUFB,
        PERMT2_W,
        PERMT2_D,
        PERMT2_Q,
        PSHUF_D,
        SHUF_PS,
        PBLEND_W,
        PBROADCAST_B,
        PBROADCAST_W,
        PBROADCAST_D,
        PBROADCAST_Q,
        MOV_LOAD,
        MOV_STORE,
        MOVDQU8_LOAD,
        MOVDQU16_LOAD,
        MOVDQU32_LOAD,
        MOVDQU64_LOAD,
        MOVDQU8_STORE,
        MOVDQU16_STORE,
        MOVDQU32_STORE,
        MOVDQU64_STORE,
        PMASKMOV_D_LOAD,
        PMASKMOV_Q_LOAD,
        PMASKMOV_D_STORE,
        PMASKMOV_Q_STORE,
        EXTRACT_128,
        INSERT_128,
        BROADCAST_128,
        PERM_Q,
        SHUF_128,
    ];

    #[test]
    fn the_widths_of_an_instruction_follow_one_another() {
        let mnemonic = |code: Code| format!("{code:?}").split('_').nth(1).map(str::to_owned);
        for form in ALL {
            for size in [Size::X, Size::Y, Size::Z].into_iter().skip(form.first as usize) {
                for evex in [false, true] {
                    let Some(code) = form.code(size, evex) else { continue };
                    let first = if evex || size == Size::Z { form.evex } else { form.vex.or(form.evex) };
                    assert_eq!(Some(mnemonic(code)), first.map(mnemonic), "{form:?} {size:?}");
                    let register = ["xmm", "ymm", "zmm"][size as usize];
                    assert!(format!("{code:?}").contains(register), "{code:?} is not of {register}");
                }
            }
        }
    }
}
